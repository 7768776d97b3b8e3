import { capabilityNames } from '@fintech-ledger/connect/domain';
import type {
  BusinessProfile,
  ConnectCommand,
  NewBankAccount,
  Reserve,
} from '@fintech-ledger/connect/domain';
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import { scheduleOf } from '@fintech-ledger/payments/nest';
import type {
  BusinessProfileDto,
  CreateConnectedAccountDto,
  ReserveDto,
  UpdateConnectedAccountDto,
} from './account.dto';
import type { SealedCommand } from './account-writer';
import type { BankAccountDto, RequirementsDto } from './requirements.dto';
import type { SealedFields } from './sealed-fields';

/* What the bodies of requests ask for. */

interface NewIds {
  readonly accountId: string;
  readonly livemode: boolean;
  readonly subject: string;
}

export function creationOf(
  body: CreateConnectedAccountDto,
  ids: NewIds,
  fields: SealedFields,
): SealedCommand {
  const email = fields.seal('email', body.email ?? null);
  const command: ConnectCommand = {
    type: 'CreateConnectedAccount',
    ...ids,
    accountType: body.type,
    businessProfile: profileOf(body.business_profile ?? null),
    capabilities: capabilityNames.filter((name) => body.capabilities[name]?.requested === true),
    country: body.country,
    defaultCurrency: body.default_currency,
    email,
    metadata: sortedMetadata(body.metadata),
    payoutSchedule: scheduleOf(body.payout_schedule ?? {}),
    reserve: reserveOf(body.reserve ?? null),
  };
  return { command, sealed: (body.email ?? null) === null ? null : { email } };
}

export function updateOf(
  accountId: string,
  { business_profile, email, metadata, payout_schedule, reserve }: UpdateConnectedAccountDto,
  fields: SealedFields,
): SealedCommand {
  const said = email === undefined ? {} : { email: fields.seal('email', email) };
  const command: ConnectCommand = {
    type: 'UpdateConnectedAccount',
    accountId,
    ...said,
    ...(business_profile !== undefined && { businessProfile: profileOf(business_profile) }),
    ...(metadata !== undefined && { metadata }),
    ...(payout_schedule !== undefined && { payoutSchedule: scheduleOf(payout_schedule) }),
    ...(reserve !== undefined && { reserve: reserveOf(reserve) }),
  };
  return { command, sealed: (email ?? null) === null ? null : said };
}

/** @throws ApiProblem `iban_invalid` */
export function requirementsOf(
  accountId: string,
  { bank_account, company, individual, tos_acceptance }: RequirementsDto,
  fields: SealedFields,
): SealedCommand {
  const said = {
    ...(bank_account !== undefined && {
      bankAccount: fields.bankAccount(bank_account, '/bank_account/iban'),
    }),
    ...(company !== undefined && { company: fields.company(company) }),
    ...(individual !== undefined && { individual: fields.individual(individual) }),
  };
  const command: ConnectCommand = {
    type: 'ProvideRequirements',
    accountId,
    ...said,
    ...(tos_acceptance !== undefined && { isTosAccepted: tos_acceptance.accepted }),
  };
  return { command, sealed: Object.keys(said).length === 0 ? null : said };
}

/** @throws ApiProblem `iban_invalid` */
export function bankAccountOf(accountId: string, body: BankAccountDto, fields: SealedFields): SealedCommand {
  const sealed: NewBankAccount = fields.bankAccount(body, '/iban');
  return { command: { type: 'AddBankAccount', accountId, ...sealed }, sealed };
}

function profileOf(said: BusinessProfileDto | null): BusinessProfile | null {
  if (said === null) return null;
  const { name = null, product_description: productDescription = null, url = null } = said;
  return { name, productDescription, url };
}

const reserveOf = (said: ReserveDto | null): Reserve | null =>
  said && { days: said.days, rollingBps: said.rolling_bps };
