import {
  EventList,
  eventType,
  flag,
  listOf,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
  widened,
  withMore,
} from '@fintech-ledger/contract';
import type { AnyEventType, EventsOf, Schema } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import { scheduleFields } from '@fintech-ledger/payments/domain';
import { accountStatuses, accountTypes, capabilityNames } from './facts';
import type {
  BankAccountFacts,
  BusinessProfile,
  CompanyFacts,
  ConnectedAccountFacts,
  IndividualFacts,
  PayoutSchedule,
  Reserve,
} from './facts';
import { bankAccountsMax } from './limits';
import { connectedAccountKey } from './records';

const sealed = textOrNull({
  description: 'Encrypted with the key of the data subject',
  pattern: '^sealed:1:',
});

const subject = text({ pattern: '^sub_[0-9A-Za-z]+$' });

const bankAccount = named(
  'bankAccount',
  object<BankAccountFacts>({
    accountHolder: sealed,
    createdAt: time,
    iban: sealed,
    id: text({ pattern: '^ba_[0-9A-Za-z_-]+$' }),
    isDefault: flag,
  }),
);
const payoutSchedule = named('payoutSchedule', object<PayoutSchedule>(scheduleFields));
const members = {
  bankAccounts: listOf(bankAccount, { maxItems: bankAccountsMax }),
  businessProfile: orNull(
    object<BusinessProfile>({ name: textOrNull(), productDescription: textOrNull(), url: textOrNull() }),
  ),
  capabilities: listOf(oneOf(...capabilityNames)),
  closedAt: orNull(time),
  company: object<CompanyFacts>({ address: sealed, name: sealed, registrationNumber: sealed }),
  country: text({ description: 'ISO 3166-1 alpha-2', pattern: '^[A-Z]{2}$' }),
  createdAt: time,
  defaultCurrency: currency,
  email: sealed,
  id: text({ pattern: '^acct_[0-9A-Za-z]+$' }),
  individual: object<IndividualFacts>({
    address: sealed,
    birthDate: sealed,
    firstName: sealed,
    lastName: sealed,
  }),
  livemode: flag,
  metadata,
  payoutSchedule,
  reserve: orNull(
    object<Reserve>({
      days: wholeNumber({ minimum: 1 }),
      rollingBps: wholeNumber({ minimum: 0, maximum: 10_000 }),
    }),
  ),
  status: oneOf(...accountStatuses),
  subject,
  suspendedAt: orNull(time),
  tosAcceptedAt: orNull(time),
  type: oneOf(...accountTypes),
};
const connectedAccount: Schema<ConnectedAccountFacts> = named(
  'connectedAccount',
  object<Omit<ConnectedAccountFacts, 'erasedAt' | 'verifiedAt'>>(members),
);
const verifiedAccount = named(
  'connectedAccount',
  object<Required<Omit<ConnectedAccountFacts, 'erasedAt'>>>({ ...members, verifiedAt: time }),
);
const verifiedAt = {
  ...time.json,
  description: 'Since when all that it has given is verified; in a sandbox that is not said',
};
const erasedOne = named(
  'connectedAccount',
  object<Required<Omit<ConnectedAccountFacts, 'verifiedAt'>>>({ ...members, erasedAt: time }),
);
/** Verified or not. */
const erasedAccount: Schema<ConnectedAccountFacts> = {
  ...erasedOne,
  definitions: widened(erasedOne.definitions, { connectedAccount: { verifiedAt } }),
};

interface OfAccount {
  readonly connectedAccount: ConnectedAccountFacts;
}
const about = <const N extends string>(
  account: Schema<ConnectedAccountFacts>,
  name: N,
  description: string,
) =>
  eventType({
    name,
    description,
    schema: object<OfAccount>({ connectedAccount: account }),
    touches: (data: OfAccount) => [connectedAccountKey(data.connectedAccount.id)],
  });
const plain = <const N extends string>(name: N, description: string) =>
  about(connectedAccount, name, description);

/** With one version more, in which an account may be verified. */
function withVerification<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => withMore(type, { connectedAccount: { verifiedAt } })) as unknown as T;
}

const erased = eventType({
  name: 'ConnectedAccountErased',
  description: 'A connected account that is closed was erased: the key of its personal fields is destroyed.',
  schema: object<OfAccount & { readonly erasedSubject: string }>({
    connectedAccount: erasedAccount,
    erasedSubject: subject,
  }),
  touches: ({ connectedAccount: { id } }) => [connectedAccountKey(id)],
});

/** What the journal of a payments ledger says of connected accounts. */
export const connectEvents = new EventList({ prefix: 'journal-' }, [
  ...withVerification([
    plain('ConnectedAccountCreated', 'A connected account was made.'),
    plain('ConnectedAccountUpdated', 'A connected account was changed, or gave what it had to.'),
    plain(
      'ConnectedAccountSuspended',
      'A connected account was suspended: it is not paid, and not paid out.',
    ),
    plain('ConnectedAccountReinstated', 'A connected account may be used again.'),
    plain('ConnectedAccountClosed', 'A connected account was closed, for good.'),
  ] as const),
  about(
    verifiedAccount,
    'ConnectedAccountVerified',
    'All that a connected account of a live environment has given is verified: it may be used.',
  ),
  erased,
]);
export type ConnectEvent = EventsOf<typeof connectEvents>;
