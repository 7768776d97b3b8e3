import { isSameJson, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision, Refusal } from '@fintech-ledger/contract';
import { mergedMetadata } from '@fintech-ledger/ledger/domain';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import {
  paymentMethodDetached,
  paymentMethodMismatch,
  testMethod,
  testMethodInLiveMode,
  unknownPaymentMethod,
} from '@fintech-ledger/payments/domain';
import type {
  AttachPaymentMethod,
  CreateCustomer,
  CustomerCommand,
  DetachPaymentMethod,
  UpdateCustomer,
} from './commands';
import type { CustomerEvent } from './events';
import { personalFields } from './facts';
import type { CustomerFacts, MethodFacts } from './facts';
import { paymentMethodsMax } from './limits';
import { customerKey, customerOf, methodKey, methodOf } from './records';
import type { CustomerRecord, CustomersView } from './records';
import { customerDeleted, customerNotFound, paymentMethodNotFound, tooManyPaymentMethods } from './refusals';
import type { customerCommandRefusals } from './refusals';

type Refused<Code extends string> = { readonly kind: 'refused'; readonly refusal: Refusal<Code> };
export type CustomersDecision<Code extends string = string> = PartDecision<CustomerEvent, Code>;
type DecisionOf<Type extends CustomerCommand['type']> = CustomersDecision<
  CodeOf<(typeof customerCommandRefusals)[Type]>
>;

const decided = (...events: readonly CustomerEvent[]): CustomersDecision<never> => ({
  kind: 'decided',
  events,
});

/** What a command does to customers: its events, or why not. Pure; the view is not changed. */
export function decideCustomers(
  view: CustomersView,
  command: CustomerCommand,
  context: DecideContext,
): DecisionOf<CustomerCommand['type']> {
  switch (command.type) {
    case 'CreateCustomer':
      return create(command, context);
    case 'UpdateCustomer':
      return update(view, command);
    case 'DeleteCustomer':
      return remove(view, command.customerId, context.now);
    case 'AttachPaymentMethod':
      return attach(view, command, context);
    case 'DetachPaymentMethod':
      return detach(view, command, context.now);
  }
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfCustomers(command: CustomerCommand, view: CustomersView): readonly string[] {
  switch (command.type) {
    case 'CreateCustomer':
      return [customerKey(command.customerId)];
    case 'UpdateCustomer': {
      const { customerId, defaultPaymentMethod } = command;
      const named = typeof defaultPaymentMethod === 'string' ? [methodKey(defaultPaymentMethod)] : [];
      return [customerKey(customerId), ...named];
    }
    case 'DeleteCustomer': {
      const methods = customerOf(view, command.customerId)?.methods ?? [];
      return [customerKey(command.customerId), ...methods.map(methodKey)];
    }
    case 'AttachPaymentMethod':
      return [customerKey(command.customerId)];
    case 'DetachPaymentMethod': {
      const method = methodOf(view, command.paymentMethodId);
      const owner = method === undefined ? [] : [customerKey(method.customer)];
      return [methodKey(command.paymentMethodId), ...owner];
    }
  }
}

function create(command: CreateCustomer, { now }: DecideContext): DecisionOf<'CreateCustomer'> {
  const { type: _type, customerId: id, ...said } = command;
  if (said.defaultPaymentMethod !== null) return notTheirs(id);
  const customer = { ...said, createdAt: now, deletedAt: null, id };
  return decided({ type: 'CustomerCreated', data: { customer } });
}

/** What was named is not repeated: it may be anything, the number of a card, too. */
function notTheirs(customer: string): Refused<'payment_method_mismatch'> {
  const why = `It is no payment method that ${customer} saved.`;
  return refused(paymentMethodMismatch, why, '/default_payment_method');
}

type Found =
  | { readonly record: CustomerRecord }
  | { readonly refusal: Refused<'customer_not_found' | 'customer_deleted'> };

/** The customer, unless they are deleted. */
function living(view: CustomersView, id: string): Found {
  const record = customerOf(view, id);
  if (record === undefined) return { refusal: refused(customerNotFound, `There is no customer ${id}.`) };
  if (record.customer.deletedAt === null) return { record };
  return { refusal: refused(customerDeleted, `Customer ${id} is deleted.`) };
}

function update(view: CustomersView, command: UpdateCustomer): DecisionOf<'UpdateCustomer'> {
  const found = living(view, command.customerId);
  if ('refusal' in found) return found.refusal;
  const { customer } = found.record;
  const { defaultPaymentMethod = customer.defaultPaymentMethod, description = customer.description } =
    command;
  if (typeof command.defaultPaymentMethod === 'string') {
    const method = methodOf(view, command.defaultPaymentMethod);
    if (method?.customer !== customer.id) return notTheirs(customer.id);
    if (method.detachedAt !== null)
      return refused(paymentMethodDetached, `${method.id} was detached.`, '/default_payment_method');
  }
  const merged = mergedMetadata(customer.metadata, command.metadata);
  if ('refusal' in merged) return merged;
  const { metadata } = merged;
  const personal = Object.fromEntries(
    personalFields.map((field) => [field, command[field] === undefined ? customer[field] : command[field]]),
  );
  const changed: CustomerFacts = { ...customer, ...personal, defaultPaymentMethod, description, metadata };
  const event = { type: 'CustomerUpdated', data: { customer: changed } } as const;
  if (isSameJson(settingsOf(changed), settingsOf(customer)))
    return { kind: 'decided', events: [], answeredAs: [event] };
  return decided(event);
}

const settingsOf = (customer: CustomerFacts): readonly unknown[] => [
  personalFields.map((field) => customer[field]),
  customer.defaultPaymentMethod,
  customer.description,
  customer.metadata,
];

/** What they saved is detached, and their personal fields are forgotten. */
function remove(view: CustomersView, id: string, now: string): DecisionOf<'DeleteCustomer'> {
  const found = living(view, id);
  if ('refusal' in found) return found.refusal;
  const { customer, methods } = found.record;
  const without = { ...customer, defaultPaymentMethod: null };
  const detached = methods.flatMap((methodId) => {
    const method = methodOf(view, methodId);
    return method === undefined ? [] : [detachment(without, method, now)];
  });
  const forgotten = { address: null, description: null, email: null, metadata: {}, name: null, phone: null };
  const left = { ...without, ...forgotten, deletedAt: now };
  const data = { customer: left, erasedSubject: customer.subject };
  const deletion: CustomerEvent = { type: 'CustomerDeleted', data };
  return decided(...detached, deletion);
}

const detachment = (customer: CustomerFacts, method: MethodFacts, now: string) =>
  ({
    type: 'PaymentMethodDetached',
    data: { customer, paymentMethod: { ...method, detachedAt: now } },
  }) as const;

function attach(
  view: CustomersView,
  command: AttachPaymentMethod,
  { now, newId }: DecideContext,
): DecisionOf<'AttachPaymentMethod'> {
  const found = living(view, command.customerId);
  if ('refusal' in found) return found.refusal;
  const { customer, methods } = found.record;
  const { template, livemode } = command;
  const known = testMethod(template);
  if (known === undefined)
    return refused(unknownPaymentMethod, 'There is no such payment method to be saved.', '/payment_method');
  if (livemode)
    return refused(
      testMethodInLiveMode,
      `${template} is a test payment method: it is saved in sandboxes.`,
      '/payment_method',
    );
  if (methods.length >= paymentMethodsMax)
    return refused(
      tooManyPaymentMethods,
      `Customer ${customer.id} has ${methods.length} payment methods, which is the most.`,
    );
  const paymentMethod = {
    card: known.card,
    createdAt: now,
    customer: customer.id,
    detachedAt: null,
    id: newId('pm', 0),
    livemode,
    rail: known.rail,
    template,
    type: 'card',
  } as const;
  return decided({ type: 'PaymentMethodAttached', data: { customer, paymentMethod } });
}

function detach(
  view: CustomersView,
  { paymentMethodId: id }: DetachPaymentMethod,
  now: string,
): DecisionOf<'DetachPaymentMethod'> {
  const method = methodOf(view, id);
  const owner = method && customerOf(view, method.customer);
  if (method === undefined || owner === undefined)
    return refused(paymentMethodNotFound, 'There is no such saved payment method.');
  if (method.detachedAt !== null) return refused(paymentMethodDetached, `${id} was detached before.`);
  const { customer } = owner;
  const isDefault = customer.defaultPaymentMethod === id;
  const left = isDefault ? { ...customer, defaultPaymentMethod: null } : customer;
  return decided(detachment(left, method, now));
}
