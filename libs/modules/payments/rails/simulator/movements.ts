import type { Sql } from '@fintech-ledger/postgres';
import type {
  NoticesFrom,
  NoticesPage,
  PayOutFailed,
  RailCall,
  RailNotice,
  ReportOf,
  SettlementLine,
  SettlementReport,
} from '../rail';

/** Money that the simulator pays to the bank with a day's others, or keeps back from it. */
export interface Movement extends Omit<SettlementLine, 'netMinor'> {
  readonly settlesOn: string;
  readonly currency: string;
}

export async function insertMovement(sql: Sql, environment: string, movement: Movement): Promise<void> {
  const { settlesOn, currency, kind, key, railReference, grossMinor, feeMinor } = movement;
  await sql.query(
    `insert into rails.simulator_movements (environment, settles_on, currency, kind, key, reference, gross, fee)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [environment, settlesOn, currency, kind, key, railReference, String(grossMinor), String(feeMinor)],
  );
}

/** A page of what settled in a time, in the order in which it happened. */
export async function selectReport(sql: Sql, of: ReportOf): Promise<SettlementReport> {
  const [afterAt = '-infinity', afterNumber = '0'] = of.cursor?.split('|') ?? [];
  const { rows } = await sql.query<{
    kind: SettlementLine['kind'];
    key: string;
    number: string;
    reference: string;
    gross: string;
    fee: string;
    settles_on: Date;
  }>(
    `select kind, key, number, reference, gross, fee, settles_on from rails.simulator_movements
     where environment = $1 and currency = $2 and settles_on >= $3 and settles_on < $4 and settles_on <= $5
       and (settles_on, number) > ($6::timestamptz, $7::bigint)
     order by settles_on, number limit $8`,
    [of.environment, of.currency, of.from, of.to, of.at, afterAt, afterNumber, of.limit + 1],
  );
  const page = rows.slice(0, of.limit);
  const lines = page.map(({ kind, key, reference: railReference, gross, fee }): SettlementLine => {
    const [grossMinor, feeMinor] = [BigInt(gross), BigInt(fee)];
    return { kind, key, railReference, grossMinor, feeMinor, netMinor: grossMinor - feeMinor };
  });
  const last = rows.length > of.limit ? page.at(-1) : undefined;
  return {
    cursor: last === undefined ? null : `${last.settles_on.toISOString()}|${last.number}`,
    lines,
    netMinor: lines.reduce((sum, { netMinor }) => sum + netMinor, 0n),
  };
}

/** What settles in a window, from inclusive, to exclusive, and whatever has one of the references. */
export interface SettledWithin {
  readonly from: string;
  readonly references: readonly string[];
  readonly to: string;
}
/** A line of what the simulator settles. */
export interface Settlement extends Pick<
  Movement,
  'currency' | 'feeMinor' | 'grossMinor' | 'kind' | 'railReference'
> {
  /** When it settles. */
  readonly since: string;
}

/** In the order in which it settles; at most one more than the limit. */
export async function selectSettlements(
  sql: Sql,
  environment: string,
  { from, references, to }: SettledWithin,
  limit: number,
): Promise<readonly Settlement[]> {
  const { rows } = await sql.query<{
    kind: Movement['kind'];
    currency: string;
    reference: string;
    gross: string;
    fee: string;
    settles_on: Date;
  }>(
    `select kind, currency, reference, gross, fee, settles_on from rails.simulator_movements
     where environment = $1 and ((settles_on >= $2 and settles_on < $3) or reference = any($4::text[]))
     order by settles_on, number limit $5`,
    [environment, from, to, references, limit + 1],
  );
  return rows.map(({ currency, fee, gross, kind, reference: railReference, settles_on: on }) => ({
    ...{ currency, kind, railReference, since: on.toISOString() },
    feeMinor: BigInt(fee),
    grossMinor: BigInt(gross),
  }));
}

/** Which lines of a payment the simulator is to report otherwise: of itself, its refunds, or its dispute. */
export type ReportedKind = 'payment' | 'refund' | 'dispute_fee';

/** The fee of lines is another one in what is reported; what was said when they were made stays. @returns how many */
export async function reportFee(
  sql: Sql,
  environment: string,
  {
    feeMinor,
    kind,
    payment,
  }: { readonly feeMinor: bigint; readonly kind: ReportedKind; readonly payment: string },
): Promise<number> {
  const { rowCount } = await sql.query(
    `update rails.simulator_movements m
        set fee = case m.kind when 'dispute_fee' then m.fee else $4 end,
            gross = case m.kind when 'dispute_fee' then -$4::numeric else m.gross end
      where m.environment = $1 and m.kind = $3 and m.reference in (
            select p.reference from rails.simulator_payments p
             where p.environment = $1 and p.payment = $2 and m.kind = 'payment'
             union all
            select r.reference from rails.simulator_payments p
              join rails.simulator_calls c on c.environment = $1 and c.reference = p.reference
              join rails.simulator_movements r on r.environment = $1 and r.key = c.key and r.kind = 'refund'
             where p.environment = $1 and p.payment = $2 and m.kind = 'refund'
             union all
            select d.reference from rails.simulator_disputes d
             where d.environment = $1 and d.payment = $2 and m.kind = 'dispute_fee')`,
    [environment, payment, kind, String(feeMinor)],
  );
  return rowCount ?? 0;
}

/** @param at when it is said, by the environment's clock */
export async function insertNotice(
  sql: Sql,
  environment: string,
  at: string,
  notice: Readonly<Record<string, string>>,
): Promise<void> {
  await sql.query(
    'insert into rails.simulator_notices (environment, at, notice) values ($1, $2, $3::jsonb)',
    [environment, at, JSON.stringify(notice)],
  );
}

/** In the order in which they are said; the cursor is that of the last one. */
export async function selectNotices(sql: Sql, from: NoticesFrom): Promise<NoticesPage> {
  const [afterAt = '-infinity', afterNumber = '0'] = from.cursor?.split('|') ?? [];
  const { rows } = await sql.query<{ number: string; at: Date; notice: Record<string, string> }>(
    `select number, at, notice from rails.simulator_notices
     where environment = $1 and at <= $2 and (at, number) > ($3::timestamptz, $4::bigint)
     order by at, number limit $5`,
    [from.environment, from.at, afterAt, afterNumber, from.limit + 1],
  );
  const page = rows.slice(0, from.limit);
  const last = page.at(-1);
  return {
    notices: page.map(({ number, at, notice }) => {
      const { amountMinor, ...facts } = notice;
      const money = amountMinor === undefined ? {} : { amountMinor: BigInt(amountMinor) };
      return { id: `sim_notice_${number}`, at: at.toISOString(), ...facts, ...money } as RailNotice;
    }),
    cursor: last === undefined ? from.cursor : `${last.at.toISOString()}|${last.number}`,
    hasMore: rows.length > from.limit,
  };
}

/** What a payout came to that the bank has returned by then; undefined: it has not. */
export async function selectReturn(
  sql: Sql,
  { environment, key, at }: RailCall,
): Promise<PayOutFailed | undefined> {
  const { rows } = await sql.query<{ reason: string }>(
    `select notice->>'reason' as reason from rails.simulator_notices
     where environment = $1 and at <= $2 and notice->>'kind' = 'payout_returned' and notice->>'key' = $3`,
    [environment, at, key],
  );
  const [row] = rows;
  return row && { kind: 'pay_out_failed', failureCode: row.reason, message: 'The bank has returned it.' };
}
