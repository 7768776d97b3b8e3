import type { Sql } from '@fintech-ledger/postgres';
import type { DisputeAnswer, RailCall, TellAnswer, TellCall } from '../rail';
import { insertMovement } from './movements';
import type { SimulatedPayment } from './simulated-payment';
import { lockPayment, selectSettings } from './store';

/* What payers dispute at the simulator. All functions: within one transaction. */

const dayMs = 86_400_000;
const responseDays = 7;
const reason = 'fraudulent';

interface Row {
  readonly reference: string;
  readonly payment_reference: string;
  readonly currency: string;
  readonly opens_at: Date;
  readonly state: 'scheduled' | 'open' | 'under_review' | 'won' | 'lost' | 'void';
  readonly amount: string;
  readonly fee: string;
}

/** A dispute that there is, as it is by a moment. */
interface SimulatedDispute {
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly evidenceDueBy: string;
  readonly feeMinor: bigint;
  readonly outcome: 'won' | 'lost' | null;
  readonly reference: string;
}

/** The payer will dispute it. @param reference of the dispute @param opensAt by the environment's clock */
export async function scheduleDispute(
  sql: Sql,
  environment: string,
  { currency, payment, reference: paymentReference }: SimulatedPayment,
  reference: string,
  opensAt: string,
): Promise<void> {
  await sql.query(
    `insert into rails.simulator_disputes (environment, reference, payment, payment_reference, currency, opens_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [environment, reference, payment, paymentReference, currency, opensAt],
  );
}

/** When the payer will have disputed a payment; undefined: never. */
export async function selectDisputeTime(
  sql: Sql,
  environment: string,
  paymentReference: string,
): Promise<string | undefined> {
  const { rows } = await sql.query<Pick<Row, 'opens_at'>>(
    'select opens_at from rails.simulator_disputes where environment = $1 and payment_reference = $2',
    [environment, paymentReference],
  );
  return rows[0]?.opens_at.toISOString();
}

/**
 * The dispute of a payment, when its time has come: then it takes what is not refunded, and the fee. The payment is
 * held until the transaction ends, so that no refund comes in between.
 * @param at the environment's time
 */
export async function dueDispute(
  sql: Sql,
  { environment, payment, at }: Pick<RailCall, 'at' | 'environment'> & { readonly payment: string },
): Promise<SimulatedDispute | undefined> {
  const select = async (): Promise<Row | undefined> => {
    const { rows } = await sql.query<Row>(
      `select reference, payment_reference, currency, opens_at, state, amount, fee
       from rails.simulator_disputes where environment = $1 and payment = $2`,
      [environment, payment],
    );
    return rows[0];
  };
  const known = await select();
  if (known === undefined || known.opens_at.toISOString() > at) return undefined;
  const paid = await lockPayment(sql, environment, { reference: known.payment_reference });
  const row = (await select()) ?? known;
  if (row.state !== 'scheduled') return disputeOf(row, at);
  if (paid === undefined) throw new Error(`the simulator has no payment ${row.payment_reference}`);
  return disputeOf(await openDispute(sql, environment, row, paid), at);
}

function disputeOf(row: Row, at: string): SimulatedDispute | undefined {
  const { currency, opens_at, reference, state } = row;
  if (state === 'void') return undefined;
  const evidenceDueBy = new Date(opens_at.getTime() + responseDays * dayMs).toISOString();
  const isLate = state === 'open' && evidenceDueBy <= at;
  const outcome = state === 'won' ? 'won' : state === 'lost' || isLate ? 'lost' : null;
  const money = { amountMinor: BigInt(row.amount), feeMinor: BigInt(row.fee), currency };
  return { ...money, evidenceDueBy, outcome, reference };
}

/** What was refunded before is not disputed: of a payment that was refunded there is no dispute. */
async function openDispute(sql: Sql, environment: string, row: Row, paid: SimulatedPayment): Promise<Row> {
  const { currency, reference } = row;
  const amountMinor = paid.capturedMinor - paid.refundedMinor;
  const { disputeFeeMinor } = await selectSettings(sql, environment);
  const isVoid = amountMinor <= 0n;
  const [amount, fee] = isVoid ? ['0', '0'] : [String(amountMinor), String(disputeFeeMinor)];
  const state = isVoid ? 'void' : 'open';
  await sql.query(
    `update rails.simulator_disputes set state = $3, amount = $4, fee = $5
     where environment = $1 and reference = $2`,
    [environment, reference, state, amount, fee],
  );
  const of = { key: reference, railReference: reference, currency, settlesOn: row.opens_at.toISOString() };
  if (!isVoid) {
    const nothing = { feeMinor: 0n };
    await insertMovement(sql, environment, { ...of, ...nothing, kind: 'dispute', grossMinor: -amountMinor });
    await insertMovement(sql, environment, {
      ...of,
      ...nothing,
      kind: 'dispute_fee',
      grossMinor: -disputeFeeMinor,
    });
  }
  return { ...row, state, amount, fee };
}

export function answerOfDispute(dispute: SimulatedDispute | undefined): DisputeAnswer {
  if (dispute === undefined) return { kind: 'not_disputed' };
  const { reference: railReference, ...facts } = dispute;
  return { kind: 'disputed', ...facts, railReference, reason };
}

/**
 * What the merchant says: evidence is judged later, and who accepts it has lost. Whether it is in time follows from
 * when it was said, `at`, and not from when it arrives.
 */
export async function tellDispute(sql: Sql, call: TellCall): Promise<TellAnswer> {
  const { environment, payment, response } = call;
  const dispute = await dueDispute(sql, call);
  if (dispute === undefined) throw new Error(`the simulator has no dispute of ${payment}`);
  if (dispute.outcome !== null) return { kind: 'decided', outcome: dispute.outcome };
  await saveState(sql, environment, dispute.reference, response === 'accept' ? 'lost' : 'under_review');
  return { kind: 'taken' };
}

export interface ClosedDispute {
  /** The environment's time. */
  readonly at: string;
  readonly environment: string;
  /** When the merchant has answered, though that may not have arrived; null: they have not. */
  readonly answeredAt: string | null;
  readonly outcome: 'won' | 'lost';
  readonly payment: string;
}

/** A bank has decided it; the first time counts. @returns how; undefined: there is no dispute */
export async function closeDispute(sql: Sql, of: ClosedDispute): Promise<'won' | 'lost' | undefined> {
  const { answeredAt, at, environment, outcome } = of;
  const dispute = await dueDispute(sql, { ...of, at: answeredAt ?? at });
  if (dispute === undefined) return undefined;
  if (dispute.outcome !== null) return dispute.outcome;
  const { amountMinor: grossMinor, currency, reference } = dispute;
  await saveState(sql, environment, reference, outcome);
  const given = {
    key: reference,
    railReference: reference,
    currency,
    settlesOn: at,
    feeMinor: 0n,
    grossMinor,
  };
  if (outcome === 'won') await insertMovement(sql, environment, { ...given, kind: 'dispute_reversal' });
  return outcome;
}

async function saveState(
  sql: Sql,
  environment: string,
  reference: string,
  state: Row['state'],
): Promise<void> {
  await sql.query(
    'update rails.simulator_disputes set state = $3 where environment = $1 and reference = $2',
    [environment, reference, state],
  );
}
