import { customerEvents } from '@fintech-ledger/customers/domain';
import type { CustomerEvent, CustomerFacts, MethodFacts } from '@fintech-ledger/customers/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** A customer or payment method as an event left it. */
export interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: CustomerFacts | MethodFacts;
}
interface CurrentRow<F> {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: F;
}

/** What a batch says of customers. */
export interface CustomerRows {
  readonly states: readonly StateRow[];
  /** Each once, as its last event left it. */
  readonly customers: readonly CurrentRow<CustomerFacts>[];
  readonly methods: readonly CurrentRow<MethodFacts>[];
}

const names = new Set<string>(customerEvents.names);

/** Pure. */
export function projectCustomers(events: readonly DecodedEvent[]): CustomerRows {
  const states: StateRow[] = [];
  const customers = new Map<string, CurrentRow<CustomerFacts>>();
  const methods = new Map<string, CurrentRow<MethodFacts>>();
  for (const { owner: ledgerId, revision, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const { type, data } = any as CustomerEvent;
    const at = { ledgerId, revision, effectiveMs, type };
    states.push({ ...at, id: data.customer.id, facts: data.customer });
    keep(customers, ledgerId, revision, data.customer);
    if (!('paymentMethod' in data)) continue;
    states.push({ ...at, id: data.paymentMethod.id, facts: data.paymentMethod });
    keep(methods, ledgerId, revision, data.paymentMethod);
  }
  return { states, customers: [...customers.values()], methods: [...methods.values()] };
}

function keep<F extends CustomerFacts | MethodFacts>(
  rows: Map<string, CurrentRow<F>>,
  ledgerId: string,
  revision: number,
  facts: F,
): void {
  const { id, createdAt } = facts;
  const key = `${ledgerId} ${id}`;
  const firstRevision = rows.get(key)?.firstRevision ?? revision;
  rows.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), facts });
}
