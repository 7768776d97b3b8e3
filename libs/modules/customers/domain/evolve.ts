import { BrokenInvariant } from '@fintech-ledger/contract';
import type { CustomerEvent } from './events';
import type { CustomerFacts, MethodFacts } from './facts';
import { customerKey, customerOf, methodKey, methodOf } from './records';
import type { CustomerRecord, CustomersRecord, CustomersView } from './records';

export interface CustomersChange {
  readonly key: string;
  readonly record: CustomersRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveCustomers(view: CustomersView, event: CustomerEvent): readonly CustomersChange[] {
  const { type, data } = event;
  const known = customerOf(view, data.customer.id);
  switch (type) {
    case 'CustomerCreated':
      if (known !== undefined) throw broken(type, data.customer.id);
      return [customerChange(data.customer, [])];
    case 'CustomerUpdated':
      return [customerChange(data.customer, living(known, type, data.customer.id).methods)];
    case 'CustomerDeleted': {
      const { methods } = living(known, type, data.customer.id);
      if (methods.length > 0) throw broken(type, data.customer.id);
      return [customerChange(data.customer, [])];
    }
    case 'PaymentMethodAttached': {
      const { methods } = living(known, type, data.customer.id);
      const { paymentMethod: method } = data;
      if (methodOf(view, method.id) !== undefined) throw broken(type, method.id);
      return [customerChange(data.customer, [...methods, method.id]), methodChange(method)];
    }
    case 'PaymentMethodDetached': {
      const { methods } = living(known, type, data.customer.id);
      const { paymentMethod: method } = data;
      if (!methods.includes(method.id)) throw broken(type, method.id);
      const left = methods.filter((id) => id !== method.id);
      return [customerChange(data.customer, left), methodChange(method)];
    }
  }
}

const broken = (type: string, id: string): BrokenInvariant => new BrokenInvariant(`${type} of ${id}`);

function living(record: CustomerRecord | undefined, type: string, id: string): CustomerRecord {
  if (record === undefined || record.customer.deletedAt !== null) throw broken(type, id);
  return record;
}
function customerChange(customer: CustomerFacts, methods: readonly string[]): CustomersChange {
  return { key: customerKey(customer.id), record: { kind: 'customer', customer, methods } };
}
function methodChange(method: MethodFacts): CustomersChange {
  return { key: methodKey(method.id), record: { kind: 'payment_method', method } };
}
