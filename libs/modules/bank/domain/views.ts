import {
  answered,
  constant,
  digits,
  flag,
  list,
  livemode,
  named,
  nullable,
  object,
  oneOf,
  optional,
  page,
  position,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { accountPurposes, directions, lineStatuses, parkedReasons } from './facts';

const maybe = (description: string, example: string) => nullable(text(description, example));
const currency = text('ISO 4217.', 'EUR');
const personal = 'Kept encrypted; null where the statement does not say it, or it was erased.';

const accountMembers = {
  id: text('The id of the bank account. It stays as long as the IBAN does.', 'ba_1'),
  object: constant('bank_account'),
  iban: text('The IBAN, without spaces.', 'DE89370400440532013000'),
  bic: maybe('The BIC of its bank.', 'COBADEFFXXX'),
  account_holder: text('Whose account it is.', 'Example Shop Ltd'),
  currency: maybe('The currency that it takes, ISO 4217; null: every one.', 'EUR'),
  purpose: oneOf(
    '`collection`: payers are shown it, and payouts are paid from it. `payout`: payouts go there.',
    accountPurposes,
    'collection',
  ),
} as const;
const bankAccountShape = named(
  'OwnBankAccount',
  'A bank account on which transfers come in, or to which payouts go.',
  object({ ...accountMembers, livemode }),
);
const allOfThem = 'All of them; the first one of a currency is shown to payers.';
const bankAccounts = constant('bank_accounts');
export const bankAccountsShape = named(
  'OwnBankAccounts',
  'The bank accounts of the environment.',
  object({
    object: bankAccounts,
    bank_accounts: list(bankAccountShape, allOfThem),
    position: optional(position),
  }),
);
export const bankAccountsAnswer = named(
  'OwnBankAccountsAnswer',
  'The bank accounts, as a command left them.',
  object({ object: bankAccounts, bank_accounts: list(bankAccountShape, allOfThem), ...answered }),
);
export type BankAccountView = Omit<ViewOf<typeof bankAccountShape>, 'livemode'>;

const balance = (description: string) =>
  text(`${description} In minor units; below zero: the account is overdrawn.`, '125000');
const statementMembers = {
  id: text('The id of the statement.', 'bst_1'),
  object: constant('bank_statement'),
  statement_id: text("The bank's own id of it.", '2026-01-31/001'),
  bank_account: text('Whose statement it is.', 'ba_1'),
  currency,
  from: nullable(time('From when on it tells.')),
  to: nullable(time('Until when.')),
  opening_balance: balance('What it begins with.'),
  closing_balance: balance('What it ends with.'),
  previous_closing_balance: nullable(
    balance('What the statement imported before it ended with; null: it is the first one.'),
    'value',
  ),
  continues: flag('Whether it begins with what the one before it ended with, or is the first one.', true),
  lines: whole('How many lines it has.', 12),
  lines_imported: whole('How many of these are imported.', 12),
  matched: whole('Lines that were matched when it was imported.', 11),
  parked: whole('All others.', 1),
  imported_at: time('When its import began.'),
  livemode,
} as const;
export const bankStatementShape = named(
  'BankStatement',
  'A statement of a bank account.',
  object({
    ...statementMembers,
    imported_before: optional(flag('Of an import: whether it was imported before.', false)),
    differs: optional(
      flag(
        'Of one that was imported before: its lines or balances are not those under its id. Nothing of it is booked.',
        true,
      ),
    ),
    position: optional(position),
  }),
);
export const bankStatementPage = page(bankStatementShape);
export type BankStatementView = ViewOf<typeof bankStatementShape>;
export const statementImportShape = named(
  'BankStatementImport',
  'What was imported.',
  object({
    object: constant('bank_statement_import'),
    statements: list(bankStatementShape, 'The statements of the file, in its order.'),
    ...answered,
  }),
);

const match = object({
  object: text(
    'What it was for: a payment, a refund, a payout, or the line that it gave back. What is the platform’s own is a ' +
      '`fee` of the bank, or `interest`.',
    'pay_1',
  ),
  amount: digits(
    'How much of it, in minor units. Of a `fee` below zero: the line is so much less than what it was for.',
    '10000',
  ),
  description: nullable(
    text('Of what is the platform’s own: what for; null: of anything else.', 'Fee of the returning bank'),
  ),
});
const lineMembers = {
  id: text('The id of the line.', 'bsl_1'),
  object: constant('bank_statement_line'),
  status: oneOf(
    '`parked`: it is for nothing yet, or not whole. `matched`: it is known what it was for. `returned`: it goes back.',
    lineStatuses,
    'parked',
  ),
  parked_because: nullable(
    oneOf(
      'Why it is parked. `awaiting_rest`: `payment` waited for more when it came, and may have ended ' +
        'since: its `status` says so. `no_match`: it names nothing that is waited for. `unknown_reference`: no ' +
        'payment has it. `not_waiting`: the payment was paid, canceled or expired. `surplus`: more came than was ' +
        'wanted.',
      parkedReasons,
      'no_match',
    ),
    'value',
  ),
  amount: digits('What is left of it, in minor units.', '10000'),
  original_amount: digits('What the statement says, in minor units.', '10000'),
  currency,
  direction: oneOf('`credit`: it came in. `debit`: it left.', directions, 'credit'),
  matches: list(match, 'What it was for, as far as that is known.'),
  payment: maybe('The payment for whose rest it was kept.', 'pay_1'),
  bank_account: text('Where.', 'ba_1'),
  statement: text('The statement that has it.', 'bst_1'),
  booked_on: text('When the bank booked it: a day.', '2026-01-31'),
  value_on: maybe('Its value date: a day.', '2026-01-31'),
  reference: maybe('The creditor reference that it names, ISO 11649.', 'RF18539007547034'),
  bank_reference: maybe("The bank's own id of it.", 'BANK-1'),
  party_name: maybe(`Who paid, or was paid. ${personal}`, 'Jenny Rosen'),
  party_iban: maybe(`Their account. ${personal}`, 'GB33BUKB20201555555555'),
  remittance: maybe(`What they wrote. ${personal}`, 'order 1001'),
  end_to_end_id: maybe(`What they call it. ${personal}`, 'NOTPROVIDED'),
  returned_at: nullable(time('When a statement said that it has gone back.')),
  created_at: time('When it was imported.'),
  livemode,
} as const;
export const bankLineShape = named(
  'BankStatementLine',
  'A line of a bank statement.',
  object({ ...lineMembers, position: optional(position) }),
);
export const bankLineAnswer = named(
  'BankStatementLineAnswer',
  'A line of a bank statement, as a command left it.',
  object({ ...lineMembers, ...answered }),
);
export const bankLinePage = page(bankLineShape);
export type BankLineView = ViewOf<typeof bankLineShape>;
