import { showCard } from '@fintech-ledger/payments/domain';
import type { CustomerFacts, MethodFacts } from './facts';
import type { AddressView, CustomerView, DeletedCustomerView, PaymentMethodView } from './views';

/**
 * A customer in the API's shape, with the personal fields as they are sealed: whoever shows it to a client opens them.
 * What is rendered for a recorded event never changes.
 */
export function showCustomer(customer: CustomerFacts): CustomerView {
  return {
    id: customer.id,
    object: 'customer',
    email: customer.email,
    name: customer.name,
    phone: customer.phone,
    // The sealed text of an object, which is what it is once it is opened.
    address: customer.address as AddressView | null,
    description: customer.description,
    default_payment_method: customer.defaultPaymentMethod,
    created_at: customer.createdAt,
    livemode: customer.livemode,
    metadata: customer.metadata,
  };
}

export function showDeleted({ id }: Pick<CustomerFacts, 'id'>): DeletedCustomerView {
  return { id, object: 'customer', deleted: true };
}
/** Of somebody who was deleted that alone is shown. */
export function showEither(customer: CustomerFacts): CustomerView | DeletedCustomerView {
  return customer.deletedAt === null ? showCustomer(customer) : showDeleted(customer);
}

export function showMethod(method: MethodFacts): PaymentMethodView {
  return {
    id: method.id,
    object: 'payment_method',
    type: method.type,
    card: method.card && showCard(method.card),
    customer: method.detachedAt === null ? method.customer : null,
    created_at: method.createdAt,
    livemode: method.livemode,
  };
}
