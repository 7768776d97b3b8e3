import {
  answered,
  constant,
  flag,
  list,
  livemode,
  metadata,
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
import { scheduleMembers } from '@fintech-ledger/payments/domain';
import { accountStatuses, accountTypes } from './facts';
import { capabilityStatuses, disabledReasons } from './requirements';

const maybe = (description: string, example: string) => nullable(text(description, example), 'value');
const unset = (description: string, example: string) => nullable(text(description, example));

const postalAddressShape = named(
  'AccountAddress',
  'The postal address of a connected account.',
  object({
    line1: text('Street and number.', '1 Main Street'),
    line2: unset('What else the street needs.', 'Floor 2'),
    city: text('The city.', 'Springfield'),
    postal_code: text('The postal code.', '12345'),
    state: unset('State, county or province.', 'OR'),
    country: text('ISO 3166-1 alpha-2.', 'US'),
  }),
);
export type PostalAddressView = ViewOf<typeof postalAddressShape>;

const capability = (description: string) =>
  object(
    {
      requested: flag('Whether it was asked for.', true),
      status: oneOf('`active`: it may be used.', capabilityStatuses, 'inactive'),
    },
    description,
  );

const bankMembers = {
  id: text('The id of the bank account.', 'ba_1'),
  object: constant('bank_account'),
  connected_account: text('Whose it is.', 'acct_1'),
  iban: maybe('ISO 13616. Kept encrypted.', 'DE89370400440532013000'),
  account_holder: maybe('In whose name it is. Kept encrypted.', 'Jenny Rosen'),
  default: flag('Whether payouts go there that name none.', true),
  created_at: time('When it was added.'),
} as const;
export const bankAccountShape = named(
  'BankAccount',
  'Where money of a connected account is paid out to.',
  object(bankMembers),
);
export const bankAccountAnswer = named(
  'BankAccountAnswer',
  'A bank account, as a command left it.',
  object({ ...bankMembers, livemode, ...answered }),
);
export const bankAccountPage = page(
  named(
    'ListedBankAccount',
    'Where money of a connected account is paid out to, as a list shows it.',
    object({ ...bankMembers, livemode }),
  ),
);
export type BankAccountView = ViewOf<typeof bankAccountShape>;

const payoutSchedule = object(scheduleMembers, 'When it is paid out.');

const members = {
  id: text('The id of the connected account.', 'acct_1'),
  object: constant('connected_account'),
  type: oneOf('Whether it is a person.', accountTypes, 'individual'),
  status: oneOf('A suspended one is not paid, and not paid out.', accountStatuses, 'active'),
  country: text('ISO 3166-1 alpha-2.', 'DE'),
  default_currency: text('ISO 4217.', 'EUR'),
  email: maybe('The e-mail address. Kept encrypted.', 'jenny@example.com'),
  business_profile: nullable(
    object({
      name: unset('What customers know it as.', 'Rosen Flowers'),
      product_description: unset('What it sells.', 'Flowers'),
      url: unset('Where it is.', 'https://flowers.example'),
    }),
    'null',
    'What it does.',
  ),
  capabilities: object(
    {
      payments: capability('Payments that are its own.'),
      payouts: capability('Payouts to its bank accounts.'),
    },
    'What it may do.',
  ),
  requirements: object(
    {
      currently_due: list(text('What is missing.', 'individual.first_name'), 'What it has to give first.', [
        'individual.first_name',
        'bank_account',
      ]),
      disabled_reason: nullable(
        oneOf('Why its capabilities are not active.', disabledReasons, 'requirements_due'),
        'value',
      ),
    },
    'What it has to give.',
  ),
  individual: nullable(
    object({
      first_name: maybe('The first name.', 'Jenny'),
      last_name: maybe('The last name.', 'Rosen'),
      birth_date: maybe('The day of birth.', '1990-01-31'),
      address: nullable(postalAddressShape, 'value', 'The address.'),
    }),
    'value',
    'The person, kept encrypted; null: it is a company.',
  ),
  company: nullable(
    object({
      name: maybe('The name.', 'Rosen GmbH'),
      registration_number: maybe('In the register of its country.', 'HRB 1234'),
      address: nullable(postalAddressShape, 'value', 'The address.'),
    }),
    'null',
    'The company, kept encrypted; null: it is a person.',
  ),
  bank_accounts: list(bankAccountShape, 'Where it is paid out to, oldest first.'),
  tos_accepted_at: nullable(time('When it accepted the terms.')),
  verified_at: optional(
    time(
      'Since when all that it has given is verified; absent before that, and in a sandbox, where it is at once.',
    ),
  ),
  payout_schedule: payoutSchedule,
  reserve: nullable(
    object({
      rolling_bps: whole('Of what was captured, in hundredths of a percent.', 1000),
      days: whole('For how many days.', 90),
    }),
    'null',
    'What is held back of each payment when it becomes available.',
  ),
  created_at: time('When it was made.'),
  suspended_at: nullable(time('When it was suspended.')),
  closed_at: nullable(time('When it was closed.')),
  erased_at: optional(
    time('When what is personal of it was erased: it is null everywhere since; absent before that.'),
  ),
  livemode,
  metadata,
} as const;
export const connectedAccountShape = named(
  'ConnectedAccount',
  'Somebody whom the platform collects money for. Their personal fields are kept encrypted.',
  object({ ...members, position: optional(position) }),
);
export const connectedAccountAnswer = named(
  'ConnectedAccountAnswer',
  'A connected account, as a command left it.',
  object({ ...members, ...answered }),
);
export const connectedAccountPage = page(connectedAccountShape);
export type ConnectedAccountView = ViewOf<typeof connectedAccountShape>;
