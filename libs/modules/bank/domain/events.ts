import {
  EventList,
  eventType,
  exactly,
  flag,
  listOf,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
  withMore,
} from '@fintech-ledger/contract';
import type { AnyEventType, EventsOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { bankAccountsKey } from '@fintech-ledger/payments/domain';
import { directions, lineStatuses, parkedReasons } from './facts';
import type { BankAccountFacts, BankLineFacts, LineMatch, StatementFacts } from './facts';
import { bankAccountsMax } from './limits';
import { bankLineKey, closingKey, partsKey, statementKey } from './records';

const sealed = textOrNull({
  description: 'Encrypted with the key of the data subject',
  pattern: '^sealed:1:',
});
const units = text({ description: 'Minor units', pattern: '^(?:0|[1-9][0-9]{0,35})$' });
const signed = text({
  description: 'Minor units, which may be below zero',
  pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
});
const date = text({ description: 'A day, as the bank says it', pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const id = (prefix: string) => text({ pattern: `^${prefix}_[0-9A-Za-z_-]+$` });
const ibanOf = text({ pattern: '^[A-Z0-9]{1,34}$' });

const bankAccount = named(
  'bankAccount',
  object<Omit<BankAccountFacts, 'purpose'>>({
    accountHolder: text(),
    bic: textOrNull(),
    currency: orNull(currency),
    iban: ibanOf,
    id: id('ba'),
  }),
);
const bankLine = named(
  'bankLine',
  object<BankLineFacts>({
    amount: units,
    bankAccount: id('ba'),
    bankReference: textOrNull(),
    bookedOn: date,
    createdAt: time,
    currency,
    direction: oneOf(...directions),
    endToEndId: sealed,
    id: id('bsl'),
    left: units,
    livemode: flag,
    matches: listOf(object<Omit<LineMatch, 'description'>>({ amount: units, object: text() })),
    origin: textOrNull(),
    parkedBecause: orNull(oneOf(...parkedReasons)),
    partyIban: sealed,
    partyName: sealed,
    payment: textOrNull(),
    reference: textOrNull({ description: 'ISO 11649' }),
    remittance: sealed,
    returnedAt: orNull(time),
    statement: id('bst'),
    status: oneOf(...lineStatuses),
    subject: id('sub'),
    valueOn: orNull(date),
  }),
);
const bankStatement = named(
  'bankStatement',
  object<Omit<StatementFacts, 'differs' | 'importedBefore'>>({
    bankAccount: id('ba'),
    closingBalance: signed,
    currency,
    digest: text(),
    from: orNull(time),
    iban: ibanOf,
    id: id('bst'),
    importedAt: time,
    lines: wholeNumber({ minimum: 0 }),
    linesImported: wholeNumber({ minimum: 0 }),
    livemode: flag,
    matched: wholeNumber({ minimum: 0 }),
    openingBalance: signed,
    parked: wholeNumber({ minimum: 0 }),
    previousClosing: orNull(signed),
    statementId: text(),
    to: orNull(time),
  }),
);

interface OfLine {
  readonly bankLine: BankLineFacts;
}
interface MovedLine extends OfLine {
  /** The payment whose rest it waits for no more; null: it waited for none. */
  readonly leaves: string | null;
}
const leaves = textOrNull({ description: 'The payment whose rest it waits for no more' });
const touchesLine = ({ bankLine: { id: line, payment } }: OfLine): readonly string[] => [
  bankLineKey(line),
  ...(payment === null ? [] : [partsKey(payment)]),
];
const touchesMoved = (data: MovedLine): readonly string[] => [
  ...touchesLine(data),
  ...(data.leaves === null || data.leaves === data.bankLine.payment ? [] : [partsKey(data.leaves)]),
];

const firstAccountsChanged = eventType({
  name: 'BankAccountsChanged',
  description: 'The bank accounts on which money is taken were changed. Nothing is booked.',
  schema: object<{ readonly bankAccounts: readonly BankAccountFacts[] }>({
    bankAccounts: listOf(bankAccount, { maxItems: bankAccountsMax }),
  }),
  touches: () => [bankAccountsKey],
});
const { json: match } = object<Required<LineMatch>>({
  amount: signed,
  description: text({ description: 'In the words of who said it; absent: there are none' }),
  object: text(),
});
const matches = { type: 'array', items: { ...match, required: ['amount', 'object'] } };
/** The type with one version more: of a line something may be the platform's own. */
const withOwn = <const T extends AnyEventType>(type: T): T =>
  withMore(type, { bankLine: { matches } }) as unknown as T;
const purpose = exactly('payout');
/** Some may be what payouts go to. */
const accountsChanged = withMore(firstAccountsChanged, {
  bankAccount: { purpose: purpose.json },
}) as typeof firstAccountsChanged;
const lineBooked = bookingEvent({
  name: 'BankLineBooked',
  description: 'A statement says that money came, or left: it is not applied yet.',
  fields: { bankLine },
  touches: touchesLine,
});
const lineMatched = withOwn(
  eventType({
    name: 'BankLineMatched',
    description: 'It is known what a line was for. That is booked by the event of what it is for.',
    schema: object<MovedLine>({ bankLine, leaves }),
    touches: touchesMoved,
  }),
);
const lineReturned = withOwn(
  bookingEvent({
    name: 'BankLineReturned',
    description: 'What came is to go back to who sent it.',
    fields: { bankLine, leaves },
    touches: touchesMoved,
  }),
);
const returnPaid = withOwn(
  bookingEvent({
    name: 'BankReturnPaid',
    description: 'A statement says that what came has gone back.',
    fields: { bankLine },
    touches: touchesLine,
  }),
);
const returnCanceled = withOwn(
  bookingEvent({
    name: 'BankReturnCanceled',
    description: 'What came was to go back, and does not: the bank has not carried it out.',
    fields: { bankLine },
    touches: touchesLine,
  }),
);
const lineErased = withOwn(
  eventType({
    name: 'BankLineErased',
    description: 'What is personal in a line was forgotten, for good.',
    schema: object<OfLine & { readonly erasedSubject: string }>({ bankLine, erasedSubject: id('sub') }),
    touches: touchesLine,
  }),
);
const statementImported = eventType({
  name: 'BankStatementImported',
  description: 'A statement was imported, as far as it says. What its lines book is in the events before it.',
  schema: object<{ readonly bankStatement: StatementFacts }>({ bankStatement }),
  touches: ({ bankStatement: { currency: code, iban, id: statement } }) => [
    statementKey(statement),
    closingKey(iban, code),
  ],
});

/** What the journal of a payments ledger says of bank accounts. */
export const bankEvents = new EventList({ prefix: 'journal-' }, [
  accountsChanged,
  lineBooked,
  lineMatched,
  lineReturned,
  returnPaid,
  returnCanceled,
  lineErased,
  statementImported,
]);
export type BankEvent = EventsOf<typeof bankEvents>;
