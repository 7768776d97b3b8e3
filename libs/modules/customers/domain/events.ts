import {
  EventList,
  eventType,
  flag,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { card } from '@fintech-ledger/payments/domain';
import { methodTypes } from './facts';
import type { CustomerFacts, MethodFacts } from './facts';
import { customerKey, methodKey } from './records';

const maybeTime = orNull(time);
const sealed = textOrNull({
  description: 'Encrypted with the key of the data subject',
  pattern: '^sealed:1:',
});
const subject = text({ pattern: '^sub_[0-9A-Za-z]+$' });

const customer = named(
  'customer',
  object<CustomerFacts>({
    address: sealed,
    createdAt: time,
    defaultPaymentMethod: textOrNull(),
    deletedAt: maybeTime,
    description: textOrNull(),
    email: sealed,
    id: text({ pattern: '^cus_[0-9A-Za-z]+$' }),
    livemode: flag,
    metadata,
    name: sealed,
    phone: sealed,
    subject,
  }),
);
const paymentMethod = named(
  'paymentMethod',
  object<MethodFacts>({
    card: orNull(card),
    createdAt: time,
    customer: text({ pattern: '^cus_[0-9A-Za-z]+$' }),
    detachedAt: maybeTime,
    id: text({ pattern: '^pm_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    rail: text(),
    template: text({ description: 'What it was made of: it behaves as that does' }),
    type: oneOf(...methodTypes),
  }),
);

interface OfCustomer {
  readonly customer: CustomerFacts;
}
interface OfMethod extends OfCustomer {
  readonly paymentMethod: MethodFacts;
}
const touchesCustomer = (data: OfCustomer): readonly string[] => [customerKey(data.customer.id)];
const touchesBoth = (data: OfMethod): readonly string[] => [
  ...touchesCustomer(data),
  methodKey(data.paymentMethod.id),
];

const created = eventType({
  name: 'CustomerCreated',
  description: 'A customer was made.',
  schema: object<OfCustomer>({ customer }),
  touches: touchesCustomer,
});
const updated = eventType({
  name: 'CustomerUpdated',
  description: 'A customer was changed.',
  schema: object<OfCustomer>({ customer }),
  touches: touchesCustomer,
});
const deleted = eventType({
  name: 'CustomerDeleted',
  description: 'A customer was deleted: the key of their personal fields is destroyed.',
  schema: object<OfCustomer & { readonly erasedSubject: string }>({ customer, erasedSubject: subject }),
  touches: touchesCustomer,
});
const attached = eventType({
  name: 'PaymentMethodAttached',
  description: 'A customer saved a payment method.',
  schema: object<OfMethod>({ customer, paymentMethod }),
  touches: touchesBoth,
});
const detached = eventType({
  name: 'PaymentMethodDetached',
  description: 'A saved payment method can not be paid with any more.',
  schema: object<OfMethod>({ customer, paymentMethod }),
  touches: touchesBoth,
});

/** What the journal of a payments ledger says of customers. */
export const customerEvents = new EventList({ prefix: 'journal-' }, [
  created,
  updated,
  deleted,
  attached,
  detached,
]);
export type CustomerEvent = EventsOf<typeof customerEvents>;
