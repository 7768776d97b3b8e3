import { accountStatuses, accountTypes } from '@fintech-ledger/connect/domain';
import type { AccountStatus, AccountType } from '@fintech-ledger/connect/domain';
import {
  asOfRule,
  countryRule,
  Described,
  emailRule,
  flagRule,
  Is,
  metadataChangesRule,
  metadataFilterRule,
  metadataRule,
  nameRule,
  Nested,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  timeRule,
  wholeRule,
} from '@fintech-ledger/http';
import { currencyRule, PayoutScheduleDto } from '@fintech-ledger/payments/nest';
import { urlRule } from './account-rules';

@Described('What the account does. What is left out is not known.')
export class BusinessProfileDto {
  @Is(nameRule, 'What customers know it as.')
  @Nullable()
  declare readonly name?: string | null;

  @Is(nameRule, 'What it sells.')
  @Nullable()
  declare readonly product_description?: string | null;

  @Is(urlRule, 'Where it is.')
  @Nullable()
  declare readonly url?: string | null;
}

@Described('Whether a capability is asked for.')
export class CapabilityDto {
  @Is(flagRule, 'Whether it is asked for.')
  declare readonly requested: boolean;
}

@Described('What the account may do, once it has given what it has to.')
export class CapabilitiesDto {
  @Nested(() => CapabilityDto, 'Payments that are its own.')
  @Optional()
  declare readonly payments?: CapabilityDto;

  @Nested(() => CapabilityDto, 'Payouts to its bank accounts.')
  @Optional()
  declare readonly payouts?: CapabilityDto;
}

@Described('What is held back of each payment when it becomes available.')
export class ReserveDto {
  @Is(wholeRule('rolling_bps', 0, 10_000), 'Of what was captured, in hundredths of a percent.')
  declare readonly rolling_bps: number;

  @Is(wholeRule('reserve_days', 1, 365), 'For how many days.')
  declare readonly days: number;
}

/** What both say of an account. */
class AccountDto {
  @Is(emailRule, 'The e-mail address. Kept encrypted.')
  @Nullable()
  declare readonly email?: string | null;

  @Nested(() => BusinessProfileDto, 'What it does, whole.')
  @Nullable()
  declare readonly business_profile?: BusinessProfileDto | null;

  @Nested(() => PayoutScheduleDto, 'When it is paid out, whole.')
  @Optional()
  declare readonly payout_schedule?: PayoutScheduleDto;

  @Nested(() => ReserveDto, 'What is held back.')
  @Nullable()
  declare readonly reserve?: ReserveDto | null;
}

@Described('A new connected account.')
export class CreateConnectedAccountDto extends AccountDto {
  @Is(oneOfRule('connected_account_type', accountTypes), 'Whether it is a person.')
  declare readonly type: AccountType;

  @Is(countryRule, 'ISO 3166-1 alpha-2.')
  declare readonly country: string;

  @Is(currencyRule, 'ISO 4217.')
  declare readonly default_currency: string;

  @Nested(() => CapabilitiesDto, 'What it asks for.')
  declare readonly capabilities: CapabilitiesDto;

  @Is(metadataRule, 'Your own keys and values. Kept as they are.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a connected account; what is left out stays, null unsets.')
export class UpdateConnectedAccountDto extends AccountDto {
  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;
}

export class ConnectedAccountAsOfQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class BankAccountsQuery extends PageQuery {
  @Is(asOfRule, 'As they were then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class ConnectedAccountsQuery extends PageQuery {
  @Is(oneOfRule('connected_account_status', accountStatuses), 'Only accounts with this status.')
  @Optional()
  declare readonly status?: AccountStatus;

  @Is(oneOfRule('connected_account_type', accountTypes), 'Only accounts of this type.')
  @Optional()
  declare readonly type?: AccountType;

  @Is(timeRule, 'Only accounts that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only accounts that were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only accounts with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
