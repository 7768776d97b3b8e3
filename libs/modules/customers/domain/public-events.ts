import { publicEvent, publicEvents } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import { customerEvents } from './events';
import type { CustomerFacts, MethodFacts } from './facts';
import { showCustomer, showDeleted, showMethod } from './show';
import { customerShape, deletedCustomerShape, paymentMethodShape } from './views';
import type { CustomerView, DeletedCustomerView, PaymentMethodView } from './views';

interface OfCustomer {
  readonly customer: CustomerFacts;
}
interface OfMethod extends OfCustomer {
  readonly paymentMethod: MethodFacts;
}

function told(name: string, description: string): PublicEventType<OfCustomer> {
  return publicEvent<OfCustomer, CustomerView>({
    name,
    description,
    object: customerShape,
    idsOf: ({ customer }) => [customer.id],
    objectOf: ({ customer }) => showCustomer(customer),
  });
}
function toldOfMethod(
  name: string,
  description: string,
  shows: Partial<PaymentMethodView>,
): PublicEventType<OfMethod> {
  return publicEvent<OfMethod, PaymentMethodView>({
    name,
    description,
    object: paymentMethodShape,
    shows,
    idsOf: ({ paymentMethod, customer }) => [paymentMethod.id, customer.id],
    objectOf: ({ paymentMethod }) => showMethod(paymentMethod),
  });
}

/** What the journal of a payments ledger tells clients of customers. Once somebody is erased, their fields are null. */
export const customerPublicEvents = publicEvents(customerEvents, {
  CustomerCreated: [told('customer.created', 'A customer was made.')],
  CustomerUpdated: [told('customer.updated', 'A customer was changed; the customer after it.')],
  CustomerDeleted: [
    publicEvent<OfCustomer & { readonly erasedSubject: string }, DeletedCustomerView>({
      name: 'customer.deleted',
      description:
        'A customer was deleted, and their personal fields are erased: earlier events show null there too.',
      object: deletedCustomerShape,
      idsOf: ({ customer }) => [customer.id],
      objectOf: ({ customer }) => showDeleted(customer),
    }),
  ],
  PaymentMethodAttached: [toldOfMethod('payment_method.attached', 'A customer saved a payment method.', {})],
  PaymentMethodDetached: [
    toldOfMethod('payment_method.detached', 'A saved payment method can not be paid with any more.', {
      customer: null,
    }),
  ],
});
