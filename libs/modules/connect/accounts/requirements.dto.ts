import {
  countryRule,
  Described,
  flagRule,
  Is,
  nameRule,
  Nested,
  Nullable,
  Optional,
} from '@fintech-ledger/http';
import { birthDateRule, ibanRule } from './account-rules';

@Described('The postal address of an account.')
export class AccountAddressDto {
  @Is(nameRule, 'Street and number.')
  declare readonly line1: string;

  @Is(nameRule, 'What else the street needs.')
  @Nullable()
  declare readonly line2?: string | null;

  @Is(nameRule, 'The city.')
  declare readonly city: string;

  @Is(nameRule, 'The postal code.')
  declare readonly postal_code: string;

  @Is(nameRule, 'State, county or province.')
  @Nullable()
  declare readonly state?: string | null;

  @Is(countryRule, 'ISO 3166-1 alpha-2.')
  declare readonly country: string;
}

@Described('What a person has to give. Kept encrypted.')
export class IndividualDto {
  @Is(nameRule, 'The first name.')
  @Optional()
  declare readonly first_name?: string;

  @Is(nameRule, 'The last name.')
  @Optional()
  declare readonly last_name?: string;

  @Is(birthDateRule, 'The day of birth: no later than today, by the clock of the environment.')
  @Optional()
  declare readonly birth_date?: string;

  @Nested(() => AccountAddressDto, 'The address, whole.')
  @Optional()
  declare readonly address?: AccountAddressDto;
}

@Described('What a company has to give. Kept encrypted.')
export class CompanyDto {
  @Is(nameRule, 'The name.')
  @Optional()
  declare readonly name?: string;

  @Is(nameRule, 'In the register of its country.')
  @Optional()
  declare readonly registration_number?: string;

  @Nested(() => AccountAddressDto, 'The address, whole.')
  @Optional()
  declare readonly address?: AccountAddressDto;
}

@Described('A bank account. Kept encrypted.')
export class BankAccountDto {
  @Is(ibanRule, 'ISO 13616, with spaces or without.')
  declare readonly iban: string;

  @Is(nameRule, 'In whose name it is.')
  declare readonly account_holder: string;
}

@Described('Whether the terms of service are accepted.')
export class TosAcceptanceDto {
  @Is(flagRule, 'True: they are.')
  declare readonly accepted: boolean;
}

@Described('What a connected account gives of what it has to; what is left out stays.')
export class RequirementsDto {
  @Nested(() => IndividualDto, 'Of a person.')
  @Optional()
  declare readonly individual?: IndividualDto;

  @Nested(() => CompanyDto, 'Of a company.')
  @Optional()
  declare readonly company?: CompanyDto;

  @Nested(() => BankAccountDto, 'Where it is paid out to: one more, the default if it is the first.')
  @Optional()
  declare readonly bank_account?: BankAccountDto;

  @Nested(() => TosAcceptanceDto, 'The terms of service.')
  @Optional()
  declare readonly tos_acceptance?: TosAcceptanceDto;
}
