import { bankTransferRail } from '@fintech-ledger/payments/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { readAt, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { At } from '@fintech-ledger/projection-runtime';
import { reachedOf } from './conditions';
import type { RailItemFilter, StoredRailItem, StoredUnconfirmed } from './queries';

/* What is booked of rails, to be held against what they report. */

/** What of the fee was adjusted, as the rail reports it otherwise than it was expected. */
const adjusted = 'coalesce(a.amount, 0)';

/** Each kind by its own moment, as the rail has it: when it is available, was refunded, or disputed. */
const kinds = {
  payment: {
    from: 'read.payments x',
    when: `x.facts ->> 'amountCaptured' <> '0' and x.facts -> 'attempt' ->> 'rail' = $rail`,
    on: `x.facts ->> 'availableOn'`,
    reference: `x.facts -> 'attempt' ->> 'railReference'`,
    gross: `x.facts ->> 'amountCaptured'`,
    fee: `(x.facts ->> 'fee')::numeric + ${adjusted}`,
  },
  refund: {
    from: `read.refunds x join read.payments o
             on o.ledger_id = x.ledger_id and o.id = x.payment_id and o.facts -> 'attempt' ->> 'rail' = $rail`,
    when: `x.status = 'succeeded'`,
    on: `coalesce(x.facts -> 'call' ->> 'at', x.facts ->> 'createdAt')`,
    reference: `x.facts ->> 'railReference'`,
    gross: `'-' || (x.facts ->> 'amount')`,
    fee: adjusted,
  },
  dispute: ofDispute(`'-' || (x.facts ->> 'amount')`, 'true', `x.facts ->> 'createdAt'`),
  // Its amount is the fee.
  dispute_fee: {
    ...ofDispute(`-((x.facts ->> 'fee')::numeric + ${adjusted})`, 'true', `x.facts ->> 'createdAt'`),
    fee: '0',
  },
  dispute_reversal: ofDispute(`x.facts ->> 'amount'`, `x.status = 'won'`, `x.facts ->> 'closedAt'`),
} as const;

function ofDispute(gross: string, when: string, on: string) {
  const reference = `x.facts ->> 'railReference'`;
  const ofRail = `x.facts ->> 'rail' = $rail`;
  return { from: 'read.disputes x', when: `${ofRail} and ${when}`, on, reference, gross, fee: adjusted };
}

/** What counts in a window, or has one of the references. @returns at most one more than the limit */
export function selectRailItems(
  sql: Sql,
  ledgerId: string,
  { from, limit, rail, references, to }: RailItemFilter,
): Promise<At<readonly StoredRailItem[]>> {
  const p = new StatementParameters();
  const [since, until, named] = [p.$(from), p.$(to), p.$(JSON.stringify(references))];
  const isAsked = ({ on, reference }: Part): string =>
    `(((${on}) collate "C" >= ${since} and (${on}) collate "C" < ${until})
       or ${reference} in (select jsonb_array_elements_text(${named}::jsonb)))`;
  return selectItems(sql, { isAsked, ledgerId, limit: `limit ${p.$(limit + 1)}`, rail }, p);
}

/** What has one of the references, by their indices (0086). */
export function selectReferredItems(
  sql: Sql,
  ledgerId: string,
  { rail, references }: Pick<RailItemFilter, 'rail' | 'references'>,
): Promise<At<readonly StoredRailItem[]>> {
  const p = new StatementParameters();
  const named = p.$(JSON.stringify(references));
  const isAsked = ({ reference }: Part): string =>
    `${reference} = any(array(select jsonb_array_elements_text(${named}::jsonb)))`;
  return selectItems(sql, { isAsked, ledgerId, limit: '', rail }, p);
}

type Part = (typeof kinds)[keyof typeof kinds];
interface AskedItems {
  /** SQL, for each kind. */
  readonly isAsked: (part: Part) => string;
  readonly ledgerId: string;
  /** SQL, or nothing. */
  readonly limit: string;
  readonly rail: string;
}

async function selectItems(
  sql: Sql,
  { isAsked, ledgerId, limit, rail }: AskedItems,
  p: StatementParameters,
): Promise<At<readonly StoredRailItem[]>> {
  const reached = reachedOf(ledgerId, p);
  const [ledger, railIs] = [p.$(ledgerId), p.$(rail)];
  const parts = Object.entries(kinds).map(([kind, part]) => {
    const { fee, from: table, gross, on, reference, when } = part;
    const text = `select true as row_exists, '${kind}' as kind, x.id as object, ${reference} as reference,
                         x.facts ->> 'currency' as currency, (${gross})::text as gross, (${fee})::text as fee,
                         ${on} as since, ${adjusted}::text as adjusted, coalesce(a.lines, '{}') as adjustments
                    from ${table} left join lateral (
                         select sum(f.amount) as amount, array_agg(f.line order by f.revision) as lines
                           from read.fee_adjustments f
                          where f.ledger_id = x.ledger_id and f.object = x.id and f.kind = '${kind}') a on true
                   where x.ledger_id = ${ledger} and ${when} and ${isAsked(part)}`;
    return text.replaceAll('$rail', railIs);
  });
  const text = `select * from (${parts.join(' union all ')}) items ${limit}`;
  const { revision, rows } = await readAt<StoredRailItem>(sql, reached, text, undefined, p);
  const result = rows.map(({ adjusted: more, adjustments, ...item }) => {
    const { currency, fee, gross, kind, object, reference, since: on } = item;
    return { adjusted: more, adjustments, currency, fee, gross, kind, object, reference, since: on };
  });
  return { revision, result };
}

/** What a bank was or is to be told, and no statement has yet: oldest first. */
export async function selectUnconfirmed(
  sql: Sql,
  ledgerId: string,
): Promise<At<readonly StoredUnconfirmed[]>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const [ledger, rail] = [p.$(ledgerId), p.$(bankTransferRail)];
  const text = `
    select true as row_exists, 'payout' as kind, x.id as object, x.currency, x.facts ->> 'amount' as amount,
           x.facts ->> 'sendsAt' as since
      from read.payouts x
     where x.ledger_id = ${ledger} and x.status = 'in_transit' and x.facts ->> 'rail' = ${rail}
    union all
    select true, 'refund', x.id, x.facts ->> 'currency', x.facts ->> 'amount', x.facts ->> 'createdAt'
      from read.refunds x join read.payments o
        on o.ledger_id = x.ledger_id and o.id = x.payment_id and o.facts -> 'attempt' ->> 'rail' = ${rail}
     where x.ledger_id = ${ledger} and x.status = 'pending'`;
  const { revision, rows } = await readAt<StoredUnconfirmed>(sql, reached, text, undefined, p);
  const result = rows.map(({ amount, currency, kind, object, since }) => ({
    ...{ amount, currency, kind, object, since },
  }));
  return { revision, result };
}
