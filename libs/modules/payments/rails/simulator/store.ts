import type { Sql } from '@fintech-ledger/postgres';
import type { SimulatedPayment } from './simulated-payment';
import { simulatorDefaults } from './settings';
import type { SimulatorSettings } from './settings';

/* What the simulator keeps, in tables that only it reads. All functions: within one transaction. */

interface PaymentRow {
  readonly reference: string;
  readonly payment: string;
  readonly payment_method: string;
  readonly currency: string;
  readonly amount: string;
  readonly capture: boolean;
  readonly state: SimulatedPayment['state'];
  readonly decides_at: Date | null;
  readonly decline_code: string | null;
  readonly token: string | null;
  readonly return_url: string | null;
  readonly captured: string;
  readonly refunded: string;
  readonly fee: string;
  readonly available_on: Date | null;
}

const paymentOf = (row: PaymentRow): SimulatedPayment => ({
  reference: row.reference,
  payment: row.payment,
  paymentMethod: row.payment_method,
  currency: row.currency,
  amountMinor: BigInt(row.amount),
  capture: row.capture,
  state: row.state,
  decidesAt: row.decides_at?.toISOString() ?? null,
  declineCode: row.decline_code,
  token: row.token,
  returnUrl: row.return_url,
  capturedMinor: BigInt(row.captured),
  refundedMinor: BigInt(row.refunded),
  feeMinor: BigInt(row.fee),
  availableOn: row.available_on?.toISOString() ?? null,
});

export async function selectSettings(sql: Sql, environment: string): Promise<SimulatorSettings> {
  const all = await selectSettingsOf(sql, [environment]);
  return all.get(environment) ?? simulatorDefaults;
}

/** By environment; those that have none have the defaults. */
export async function selectSettingsOf(
  sql: Sql,
  environments: readonly string[],
): Promise<ReadonlyMap<string, SimulatorSettings>> {
  const { rows } = await sql.query<{
    environment: string;
    fee_bps: number;
    fee_fixed: string;
    settlement_days: number;
    dispute_fee: string;
  }>(
    `select environment, fee_bps, fee_fixed, settlement_days, dispute_fee
     from rails.simulator_settings where environment = any($1::text[])`,
    [environments],
    'simulator-settings',
  );
  return new Map(
    rows.map((row) => [
      row.environment,
      {
        feeBps: row.fee_bps,
        feeFixedMinor: BigInt(row.fee_fixed),
        settlementDays: row.settlement_days,
        disputeFeeMinor: BigInt(row.dispute_fee),
      },
    ]),
  );
}

export async function saveSettings(
  sql: Sql,
  environment: string,
  settings: SimulatorSettings,
): Promise<void> {
  const { feeBps, feeFixedMinor, settlementDays, disputeFeeMinor } = settings;
  await sql.query(
    `insert into rails.simulator_settings (environment, fee_bps, fee_fixed, settlement_days, dispute_fee)
     values ($1, $2, $3, $4, $5)
     on conflict (environment) do update set fee_bps = excluded.fee_bps, fee_fixed = excluded.fee_fixed,
       settlement_days = excluded.settlement_days, dispute_fee = excluded.dispute_fee`,
    [environment, feeBps, String(feeFixedMinor), settlementDays, String(disputeFeeMinor)],
  );
}

/** A call that came before. */
export interface KnownCall {
  readonly reference: string;
  /** JSON, with amounts as texts; null: it is its payment's, as that is by now. */
  readonly answer: unknown;
}

/**
 * Claims a key for the rest of the transaction: of two that come at once the second one waits for the first.
 * @returns what is known of it; undefined: it is new, and is kept with `answer` by the transaction's end
 */
export async function claimCall(
  sql: Sql,
  environment: string,
  key: string,
  reference: string,
): Promise<KnownCall | undefined> {
  const { rowCount } = await sql.query(
    `insert into rails.simulator_calls (environment, key, reference) values ($1, $2, $3)
     on conflict (environment, key) do nothing`,
    [environment, key, reference],
  );
  return rowCount === 1 ? undefined : selectCall(sql, environment, key);
}

export async function selectCall(sql: Sql, environment: string, key: string): Promise<KnownCall | undefined> {
  const { rows } = await sql.query<{ reference: string; answer: unknown }>(
    'select reference, answer from rails.simulator_calls where environment = $1 and key = $2',
    [environment, key],
  );
  return rows[0];
}

export async function keepAnswer(sql: Sql, environment: string, key: string, answer: object): Promise<void> {
  await sql.query('update rails.simulator_calls set answer = $3::jsonb where environment = $1 and key = $2', [
    environment,
    key,
    JSON.stringify(answer),
  ]);
}

/** The key of the call that made a payment. */
export async function selectAuthorization(sql: Sql, environment: string, reference: string): Promise<string> {
  const { rows } = await sql.query<{ key: string }>(
    `select key from rails.simulator_calls
     where environment = $1 and reference = $2 and answer is null order by key limit 1`,
    [environment, reference],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing made the payment ${reference}`);
  return row.key;
}

/** Where a payment is found. */
type PaymentPlace =
  { readonly reference: string } | { readonly payment: string } | { readonly token: string };

/** The latest one, held until the transaction ends. */
export async function lockPayment(
  sql: Sql,
  environment: string,
  place: PaymentPlace,
): Promise<SimulatedPayment | undefined> {
  const [[column, value] = ['reference', '']] = Object.entries(place);
  const { rows } = await sql.query<PaymentRow>(
    `select * from rails.simulator_payments
     where ${column} = $1 and environment = $2
     order by (state = 'requires_action') desc, reference desc limit 1 for update`,
    [value, environment],
  );
  const [row] = rows;
  return row && paymentOf(row);
}

/** Whose page a token is of, and the payment that the payer acts on. */
export async function selectAction(
  sql: Sql,
  token: string,
): Promise<{ readonly environment: string; readonly payment: SimulatedPayment } | undefined> {
  const { rows } = await sql.query<PaymentRow & { readonly environment: string }>(
    'select * from rails.simulator_payments where token = $1',
    [token],
  );
  const [row] = rows;
  return row && { environment: row.environment, payment: paymentOf(row) };
}

export async function savePayment(sql: Sql, environment: string, payment: SimulatedPayment): Promise<void> {
  await sql.query(
    `insert into rails.simulator_payments (environment, reference, payment, payment_method, currency, amount,
       capture, state, decides_at, decline_code, token, return_url, captured, refunded, fee, available_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (environment, reference) do update set state = excluded.state,
       decline_code = excluded.decline_code, captured = excluded.captured, refunded = excluded.refunded,
       fee = excluded.fee, available_on = excluded.available_on`,
    [
      environment,
      payment.reference,
      payment.payment,
      payment.paymentMethod,
      payment.currency,
      String(payment.amountMinor),
      payment.capture,
      payment.state,
      payment.decidesAt,
      payment.declineCode,
      payment.token,
      payment.returnUrl,
      String(payment.capturedMinor),
      String(payment.refundedMinor),
      String(payment.feeMinor),
      payment.availableOn,
    ],
  );
}
