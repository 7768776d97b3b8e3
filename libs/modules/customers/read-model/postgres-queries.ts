import type { CustomerFacts, MethodFacts } from '@fintech-ledger/customers/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { journalObjects, withMetadata } from '@fintech-ledger/projection-runtime';
import type { PositionWaiter, StatementParameters } from '@fintech-ledger/projection-runtime';
import { customersProjectionName } from './customers-projection';
import type { AnyFacts, CustomerFilter, CustomerQueries } from './queries';

/** Reads what the projection wrote. */
export function postgresCustomerQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): CustomerQueries {
  const { states, reads } = journalObjects<AnyFacts>(sql, waiter, {
    projection: customersProjectionName,
    states: 'customer_states',
    history: 'customer_history',
  });
  return {
    ...reads,
    customers: (ledgerId, filter, page) => {
      const conditions = (p: StatementParameters) => customerConditions(filter, p);
      const listed = 'not y.is_deleted';
      return states.list<CustomerFacts>(ledgerId, 'customers', page, filter, conditions, { listed });
    },
    methods: (ledgerId, customerId, page) =>
      states.list<MethodFacts>(ledgerId, 'payment_methods', page, {}, (p) => [
        'not x.is_detached',
        `x.customer_id = ${p.$(customerId)}`,
      ]),
  };
}

function customerConditions(filter: CustomerFilter, p: StatementParameters): readonly string[] {
  const { emailTag, organizationId, metadata } = filter;
  return [
    'not x.is_deleted',
    ...(emailTag === undefined
      ? []
      : [
          `x.email in (select l.sealed from privacy.lookups l
                        where l.organization_id = ${p.$(organizationId)} and l.tag = ${p.$(emailTag)})`,
        ]),
    ...withMetadata(metadata, p),
  ];
}
