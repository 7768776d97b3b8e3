import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import {
  customerEvents,
  decideCustomers,
  evolveCustomers,
  readsOfCustomers,
  customerRecordKeys,
  showCustomer,
  showDeleted,
  showMethod,
} from '@fintech-ledger/customers/domain';
import type { CustomerCommand, CustomerEvent, CustomersRecord } from '@fintech-ledger/customers/domain';

/** What the module does in the journals of payments ledgers: a payment's decision reads its records there. */
export const customersPart: DomainPart<CustomerCommand, CustomerEvent, CustomersRecord> = {
  commands: {
    CreateCustomer: true,
    UpdateCustomer: true,
    DeleteCustomer: true,
    AttachPaymentMethod: true,
    DetachPaymentMethod: true,
  },
  events: customerEvents,
  records: customerRecordKeys,
  reads: readsOfCustomers,
  decide: decideCustomers,
  evolve: evolveCustomers,
  answer: customersAnswer,
};

/** The customer or payment method, as the last event left it; personal fields as they are sealed. */
function customersAnswer(request: AnswerRequest<CustomerCommand, CustomerEvent>): string {
  const { events, stream, revision, dryRun } = request;
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  return JSON.stringify({ ...shownOf(events.at(-1)), ...at });
}

function shownOf(event: CustomerEvent | undefined): object {
  switch (event?.type) {
    case undefined:
      return {};
    case 'CustomerCreated':
    case 'CustomerUpdated':
      return showCustomer(event.data.customer);
    case 'CustomerDeleted':
      return showDeleted(event.data.customer);
    case 'PaymentMethodAttached':
    case 'PaymentMethodDetached':
      return showMethod(event.data.paymentMethod);
  }
}
