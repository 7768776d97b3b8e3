import {
  answered,
  constant,
  either,
  livemode,
  mark,
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
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { cardShape } from '@fintech-ledger/payments/domain';
import { methodTypes } from './facts';

const id = text('The id of the customer.', 'cus_1');
const maybe = (description: string, example: string) => nullable(text(description, example), 'value');

export const addressShape = named(
  'Address',
  'A postal address.',
  object({
    line1: nullable(text('Street and number.', '1 Main Street'), 'value'),
    line2: nullable(text('What else the street needs.', 'Floor 2')),
    city: nullable(text('The city.', 'Springfield'), 'value'),
    postal_code: nullable(text('The postal code.', '12345'), 'value'),
    state: nullable(text('State, county or province.', 'OR')),
    country: nullable(text('ISO 3166-1 alpha-2.', 'US'), 'value'),
  }),
);
export type AddressView = ViewOf<typeof addressShape>;

const members = {
  id,
  object: constant('customer'),
  email: maybe('The e-mail address.', 'jenny@example.com'),
  name: maybe('The name.', 'Jenny Rosen'),
  phone: maybe('The telephone number.', '+1 555 0100'),
  address: nullable(addressShape, 'value', 'The address.'),
  description: maybe('What you say of them.', 'first order in March'),
  default_payment_method: nullable(text('What they pay with unless something else is named.', 'pm_1')),
  created_at: time('When they were made.'),
  livemode,
  metadata,
} as const;
const gone = { id, object: constant('customer'), deleted: mark('Always true.') } as const;

const at = { position: optional(position) };
export const customerShape = named(
  'Customer',
  'Somebody who pays. Their personal fields are kept encrypted.',
  object({ ...members, ...at }),
);
/** What is left of a customer who was deleted. */
export const deletedCustomerShape = named(
  'DeletedCustomer',
  'A customer who was deleted: their personal fields are erased.',
  object({ ...gone, ...at }, undefined, ['deleted']),
);
export const customerOrDeletedShape = named(
  'CustomerOrDeleted',
  'A customer, or what is left of one who was deleted.',
  either(customerShape, deletedCustomerShape),
);
export const customerAnswer = named(
  'CustomerAnswer',
  'A customer, as a command left them.',
  object({ ...members, ...answered }),
);
export const deletedCustomerAnswer = named(
  'DeletedCustomerAnswer',
  'A customer who was just deleted.',
  object({ ...gone, ...answered }, undefined, ['deleted']),
);
export const customerPage = page(customerShape);
export type CustomerView = ViewOf<typeof customerShape>;
export type DeletedCustomerView = ViewOf<typeof deletedCustomerShape>;

const methodMembers = {
  id: text('The id of the payment method.', 'pm_1'),
  object: constant('payment_method'),
  type: oneOf('What kind of method it is.', methodTypes, 'card'),
  card: nullable(cardShape, 'value', 'The card, where it is one.'),
  customer: nullable(text('Who saved it; null: it was detached.', 'cus_1'), 'value'),
  created_at: time('When it was saved.'),
  livemode,
} as const;
export const paymentMethodShape = named(
  'PaymentMethod',
  'What a customer has saved to pay with.',
  object({ ...methodMembers, ...at }),
);
export const paymentMethodAnswer = named(
  'PaymentMethodAnswer',
  'A payment method, as a command left it.',
  object({ ...methodMembers, ...answered }),
);
export const paymentMethodPage = page(paymentMethodShape);
export type PaymentMethodView = ViewOf<typeof paymentMethodShape>;
