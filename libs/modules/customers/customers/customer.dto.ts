import {
  asOfRule,
  countryRule,
  Described,
  descriptionRule,
  emailRule,
  Is,
  metadataChangesRule,
  metadataFilterRule,
  metadataRule,
  nameRule,
  Nested,
  Nullable,
  Optional,
  PageQuery,
  timeRule,
} from '@fintech-ledger/http';
import { paymentMethodRule } from '@fintech-ledger/payments/nest';
import { phoneRule } from './customer-rules';

@Described('A postal address.')
export class AddressDto {
  @Is(nameRule, 'Street and number.')
  @Nullable()
  declare readonly line1?: string | null;

  @Is(nameRule, 'What else the street needs.')
  @Nullable()
  declare readonly line2?: string | null;

  @Is(nameRule, 'The city.')
  @Nullable()
  declare readonly city?: string | null;

  @Is(nameRule, 'The postal code.')
  @Nullable()
  declare readonly postal_code?: string | null;

  @Is(nameRule, 'State, county or province.')
  @Nullable()
  declare readonly state?: string | null;

  @Is(countryRule, 'ISO 3166-1 alpha-2.')
  @Nullable()
  declare readonly country?: string | null;
}

/** What both say of somebody. */
class PersonDto {
  @Is(emailRule, 'The e-mail address. Kept encrypted, and found by a keyed hash.')
  @Nullable()
  declare readonly email?: string | null;

  @Is(nameRule, 'The name. Kept encrypted.')
  @Nullable()
  declare readonly name?: string | null;

  @Is(phoneRule, 'The telephone number. Kept encrypted.')
  @Nullable()
  declare readonly phone?: string | null;

  @Nested(() => AddressDto, 'The address, whole. Kept encrypted.')
  @Nullable()
  declare readonly address?: AddressDto | null;

  @Is(descriptionRule, 'What you say of them. Kept as it is.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(paymentMethodRule, 'What they pay with unless something else is named: one that they saved.')
  @Nullable()
  declare readonly default_payment_method?: string | null;
}

@Described('A new customer.')
export class CreateCustomerDto extends PersonDto {
  @Is(metadataRule, 'Your own keys and values. Kept as they are.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a customer; what is left out stays, null unsets.')
export class UpdateCustomerDto extends PersonDto {
  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;
}

@Described('A payment method to be saved.')
export class AttachPaymentMethodDto {
  @Is(paymentMethodRule, 'What is saved: a new one is made of it.')
  declare readonly payment_method: string;
}

export class CustomerAsOfQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class CustomersQuery extends PageQuery {
  @Is(emailRule, 'Only customers with this e-mail address, in capital letters or not.')
  @Optional()
  declare readonly email?: string;

  @Is(timeRule, 'Only customers who were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only customers who were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only customers with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
