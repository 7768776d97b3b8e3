import type {
  DisputeFacts,
  PaymentFacts,
  PayoutBatchFacts,
  PayoutFacts,
  RefundFacts,
  SplitFacts,
  TransferFacts,
} from '@fintech-ledger/payments/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  journalObjects,
  pageOf,
  readAt,
  StatementParameters,
  withMetadata,
} from '@fintech-ledger/projection-runtime';
import type { At, PageRequest, PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { selectBalance, selectBalanceTransaction, selectBalanceTransactions } from './balance-queries';
import { reachedOf } from './conditions';
import { selectNegativeBalances } from './negative-balances';
import { selectRailItems, selectUnconfirmed } from './rail-items';
import { paymentsProjectionName } from './payments-projection';
import type {
  AnyFacts,
  DisputeFilter,
  PaymentFilter,
  PaymentQueries,
  PayoutBatchFilter,
  PayoutFilter,
  RefundFilter,
  SplitFilter,
  TransferFilter,
} from './queries';

/** Reads what the projection wrote. */
export function postgresPaymentQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): PaymentQueries {
  const { states, reads } = journalObjects<AnyFacts>(sql, waiter, {
    projection: paymentsProjectionName,
    states: 'payment_states',
    history: 'payment_history',
  });
  return {
    ...reads,
    payments: (ledgerId, filter, page) => {
      const conditions = (p: StatementParameters) => paymentConditions(filter, p);
      const either = (p: StatementParameters) => eitherWith(ledgerId, filter.party, p);
      return states.list<PaymentFacts>(ledgerId, 'payments', page, filter, conditions, { either });
    },
    refunds: (ledgerId, filter, page) =>
      states.list<RefundFacts>(ledgerId, 'refunds', page, filter, (p) => refundConditions(filter, p)),
    payouts: (ledgerId, filter, page) =>
      states.list<PayoutFacts>(ledgerId, 'payouts', page, filter, (p) => payoutConditions(filter, p)),
    payoutBatches: (ledgerId, filter, page) =>
      states.list<PayoutBatchFacts>(ledgerId, 'payout_batches', page, filter, (p) =>
        batchConditions(filter, p),
      ),
    disputes: (ledgerId, filter, page) =>
      states.list<DisputeFacts>(ledgerId, 'disputes', page, filter, (p) => disputeConditions(filter, p)),
    transfers: (ledgerId, filter, page) =>
      states.list<TransferFacts>(ledgerId, 'transfers', page, filter, (p) => transferConditions(filter, p)),
    splits: (ledgerId, filter, page) =>
      states.list<SplitFacts>(ledgerId, 'splits', page, filter, (p) => splitConditions(filter, p)),
    attempts: (ledgerId, id, page) => attempts(sql, ledgerId, id, page),
    balance: (ledgerId, owner, asOf) => selectBalance(sql, ledgerId, owner, asOf),
    railItems: (ledgerId, filter) => selectRailItems(sql, ledgerId, filter),
    unconfirmed: (ledgerId) => selectUnconfirmed(sql, ledgerId),
    negativeBalances: (ledgerId, page) => selectNegativeBalances(sql, ledgerId, page),
    balanceTransaction: (ledgerId, owner, id, asOf) =>
      selectBalanceTransaction(sql, ledgerId, owner, id, asOf),
    balanceTransactions: (ledgerId, filter, page) => selectBalanceTransactions(sql, ledgerId, filter, page),
  };
}

/** SQL: whose a payment is, or who gets it; as its index says it (0055). */
const partyOf = (of: string): string =>
  `coalesce(${of}.facts ->> 'connectedAccount', ${of}.facts -> 'transferData' ->> 'destination')`;

/** SQL: whether a payment is a connected account's own; found by the index of `partyOf`, which has it then. */
const isOf = (of: string, account: string): string =>
  `(${partyOf(of)} = ${account} and ${of}.facts ->> 'connectedAccount' = ${account})`;

/** From this many shares on, an account's payments are found sooner among the newest ones than by their shares. */
const manyShares = 10_000;

/**
 * SQL: either a payment is of a connected account or goes to it, or it is split with it, by the index of each (0055,
 * 0082). In one condition they would have all payments read where there are few of either. An index of shares has no
 * order: of an account with many, the newest payments are looked at one by one, from its last share on. That is found
 * by the account's lines, and by the index where it is one of nothing, which has no line. Without an account: all.
 */
function eitherWith(ledgerId: string, party: string | undefined, p: StatementParameters): readonly string[] {
  if (party === undefined) return ['true'];
  const [ledger, account] = [p.$(ledgerId), p.$(party)];
  const sharing = (share: object): string =>
    `from read.splits s
      where s.ledger_id = ${ledger} and s.facts -> 'shares' @> ${p.$(JSON.stringify([share]))}::jsonb`;
  const shared = sharing({ account: party });
  const areMany = `(select count(*) = ${manyShares} from (select ${shared} limit ${manyShares}) n)`;
  const lastLine = `(select b.revision from read.balance_transactions b
                      where b.ledger_id = ${ledger} and b.owner = ${account} and b.source like 'spl\\_%'
                      order by b.revision desc limit 1)`;
  const lastOfNothing = `(select max(s.created_revision) ${sharing({ account: party, amount: '0' })})`;
  const isOther = `${partyOf('x')} is distinct from ${account}`;
  return [
    `${partyOf('x')} = ${account}`,
    `x.id = any (array(select s.payment_id ${shared} and not ${areMany})) and ${isOther}`,
    `${areMany} and x.created_revision <= greatest(${lastLine}, ${lastOfNothing}) and ${isOther}
     and (select true ${shared} and s.payment_id = x.id limit 1)`,
  ];
}

function paymentConditions(filter: PaymentFilter, p: StatementParameters): readonly string[] {
  const { actsAs, amount, currency, customer, rail, status, transferGroup, metadata } = filter;
  return [
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(amount === undefined ? [] : [`x.facts ->> 'amount' = ${p.$(amount)}`]),
    ...(currency === undefined ? [] : [`x.facts ->> 'currency' = ${p.$(currency)}`]),
    ...(rail === undefined ? [] : [`x.facts ->> 'rail' = ${p.$(rail)}`]),
    ...(customer === undefined ? [] : [`x.facts ->> 'customer' = ${p.$(customer)}`]),
    ...(transferGroup === undefined ? [] : [`x.transfer_group = ${p.$(transferGroup)}`]),
    ...(actsAs === undefined ? [] : [isOf('x', p.$(actsAs))]),
    ...withMetadata(metadata, p),
  ];
}

/** SQL: whose balance a payout leaves; as its index says it (0070). */
const ownerOfPayout = `coalesce(x.facts ->> 'connectedAccount', 'platform')`;

function payoutConditions(filter: PayoutFilter, p: StatementParameters): readonly string[] {
  const { batch, currency, owner, status, metadata } = filter;
  return [
    ...(owner === undefined ? [] : [`${ownerOfPayout} = ${p.$(owner)}`]),
    ...(batch === undefined ? [] : sentWith(batch, p)),
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(currency === undefined ? [] : [`x.currency = ${p.$(currency)}`]),
    ...withMetadata(metadata, p),
  ];
}

/** The id of a batch says of which day and currency it is; see `payoutBatchId`. */
function sentWith(batch: string, p: StatementParameters): readonly string[] {
  const [, year, month, day, currency] = /^pob_(\d{4})(\d\d)(\d\d)([A-Z]{3})$/.exec(batch) ?? [];
  if (currency === undefined) return ['false'];
  const sendsAt = `${year}-${month}-${day}T00:00:00.000Z`;
  return [
    `x.currency = ${p.$(currency)}`,
    `x.facts ->> 'rail' = 'bank_transfer'`,
    `x.facts ->> 'sendsAt' = ${p.$(sendsAt)}`,
    `x.facts ->> 'railReference' is not null`,
  ];
}

function batchConditions(filter: PayoutBatchFilter, p: StatementParameters): readonly string[] {
  const { currency } = filter;
  return [...(currency === undefined ? [] : [`x.currency = ${p.$(currency)}`])];
}

function transferConditions(filter: TransferFilter, p: StatementParameters): readonly string[] {
  const { destination, metadata, sourcePayment, transferGroup } = filter;
  return [
    ...(destination === undefined ? [] : [`x.destination = ${p.$(destination)}`]),
    ...(sourcePayment === undefined ? [] : [`x.source_payment = ${p.$(sourcePayment)}`]),
    ...(transferGroup === undefined ? [] : [`x.transfer_group = ${p.$(transferGroup)}`]),
    ...withMetadata(metadata, p),
  ];
}

function splitConditions(filter: SplitFilter, p: StatementParameters): readonly string[] {
  const { metadata, payment, splitRule } = filter;
  return [
    ...(payment === undefined ? [] : [`x.payment_id = ${p.$(payment)}`]),
    ...(splitRule === undefined ? [] : [`x.split_rule = ${p.$(splitRule)}`]),
    ...withMetadata(metadata, p),
  ];
}

function disputeConditions(
  { metadata, ...filter }: DisputeFilter,
  p: StatementParameters,
): readonly string[] {
  return [...refundConditions(filter, p), ...withMetadata(metadata, p)];
}

/** SQL: whether a refund, or a dispute, is of a connected account's own payment. */
const isOwn = (account: string): string =>
  `exists (select 1 from read.payments o where o.ledger_id = x.ledger_id and o.id = x.payment_id
             and ${isOf('o', account)})`;

function refundConditions(filter: RefundFilter, p: StatementParameters): readonly string[] {
  const { actsAs, payment, status } = filter;
  return [
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(payment === undefined ? [] : [`x.payment_id = ${p.$(payment)}`]),
    ...(actsAs === undefined ? [] : [isOwn(p.$(actsAs))]),
  ];
}

/** Newest first: their ids sort by their creation. */
async function attempts(
  sql: Sql,
  ledgerId: string,
  id: string,
  { limit, cursor }: PageRequest,
): Promise<At<PageOf<PaymentFacts>>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const attemptId = `(x.facts->'attempt'->>'id') collate "C"`;
  const where = [`x.ledger_id = ${p.$(ledgerId)}`, `x.id = ${p.$(id)}`, `${attemptId} is not null`];
  if (cursor !== undefined) {
    const [before = ''] = decodeCursor('payment_attempts', ['string'], cursor);
    where.push(`${attemptId} < ${p.$(before)}`);
  }
  const text = `select distinct on (${attemptId}) true as row_exists, ${attemptId} as attempt_id, x.facts
                  from read.payment_states x where ${where.join(' and ')}
                 order by ${attemptId} desc, x.revision desc limit ${p.$(limit + 1)}`;
  type AttemptRow = { readonly facts: PaymentFacts; readonly attempt_id: string };
  const { revision, rows } = await readAt<AttemptRow>(sql, reached, text, 'r.attempt_id desc', p);
  const cursorOf = (row: AttemptRow): string => encodeCursor('payment_attempts', [row.attempt_id]);
  return { revision, result: pageOf(rows, limit, ({ facts }) => facts, cursorOf) };
}
