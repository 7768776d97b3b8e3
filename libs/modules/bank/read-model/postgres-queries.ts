import type { BankLineFacts, StatementFacts } from '@fintech-ledger/bank/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { journalObjects } from '@fintech-ledger/projection-runtime';
import type { PositionWaiter, StatementParameters } from '@fintech-ledger/projection-runtime';
import { bankProjectionName } from './bank-projection';
import { selectBookedStatements, selectOpenLines } from './reconciled';
import type { AnyFacts, BankQueries, LineFilter, StatementFilter } from './queries';

/** Reads what the projection wrote. */
export function postgresBankQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): BankQueries {
  const { states, reads } = journalObjects<AnyFacts>(sql, waiter, {
    projection: bankProjectionName,
    states: 'bank_states',
    history: 'bank_history',
  });
  return {
    ...reads,
    bookedStatements: (ledgerId, window, limit) => selectBookedStatements(sql, ledgerId, window, limit),
    openLines: (ledgerId, limit) => selectOpenLines(sql, ledgerId, limit),
    lines: (ledgerId, filter, page) =>
      states.list<BankLineFacts>(ledgerId, 'bank_statement_lines', page, filter, (p) =>
        lineConditions(filter, p),
      ),
    statements: (ledgerId, filter, page) =>
      states.list<StatementFacts>(ledgerId, 'bank_statements', page, filter, (p) =>
        statementConditions(filter, p),
      ),
  };
}

function lineConditions(filter: LineFilter, p: StatementParameters): readonly string[] {
  const { currency, direction, payment, statement, status } = filter;
  return [
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(currency === undefined ? [] : [`x.currency = ${p.$(currency)}`]),
    ...(statement === undefined ? [] : [`x.statement = ${p.$(statement)}`]),
    ...(direction === undefined ? [] : [`x.facts ->> 'direction' = ${p.$(direction)}`]),
    ...(payment === undefined ? [] : [paidBy(p.$(payment))]),
  ];
}
/** It waits for the payment's rest, or was for it. */
const paidBy = (payment: string): string =>
  `(x.facts ->> 'payment' = ${payment}
    or x.facts -> 'matches' @> jsonb_build_array(jsonb_build_object('object', ${payment}::text)))`;

function statementConditions(filter: StatementFilter, p: StatementParameters): readonly string[] {
  const { bankAccount } = filter;
  return [...(bankAccount === undefined ? [] : [`x.bank_account = ${p.$(bankAccount)}`])];
}
