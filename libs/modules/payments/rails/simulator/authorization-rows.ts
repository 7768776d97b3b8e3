import type { Sql } from '@fintech-ledger/postgres';
import type { AuthorizeCall } from '../rail';
import type { SimulatedPayment } from './simulated-payment';

export interface Authorization {
  readonly call: AuthorizeCall;
  readonly payment: SimulatedPayment;
}

/*
 * Keys are claimed in their order, so that two processes never wait for each other. One that another transaction has
 * claimed is waited for briefly: its neighbours have nothing to do with it.
 */
const insert = `
  with patience as materialized (select set_config('lock_timeout', '250ms', true) as set),
  asked as materialized (
    select a.* from patience, jsonb_to_recordset($1::jsonb) as a(
      environment text, key text, reference text, payment text, payment_method text, currency text, amount numeric,
      capture boolean, state text, decides_at timestamptz, decline_code text, token text, return_url text,
      captured numeric, fee numeric, available_on timestamptz, settles_on timestamptz)
    where patience.set is not null
  ), claimed as (
    insert into rails.simulator_calls (environment, key, reference)
    select environment, key, reference from asked order by environment collate "C", key collate "C"
    on conflict (environment, key) do nothing
    returning environment, reference
  ), kept as (
    insert into rails.simulator_payments (environment, reference, payment, payment_method, currency, amount, capture,
      state, decides_at, decline_code, token, return_url, captured, fee, available_on)
    select environment, reference, payment, payment_method, currency, amount, capture, state, decides_at,
      decline_code, token, return_url, captured, fee, available_on
    from asked join claimed using (environment, reference)
  ), moved as (
    insert into rails.simulator_movements (environment, settles_on, currency, kind, key, reference, gross, fee)
    select environment, settles_on, currency, 'payment', key, reference, captured, fee
    from asked join claimed using (environment, reference) where state = 'captured'
  )
  select reference from claimed`;

/** All or nothing. Says whose keys were new: the references of their payments. */
export async function insertAuthorizations(
  sql: Sql,
  all: readonly Authorization[],
): Promise<ReadonlySet<string>> {
  const asked = JSON.stringify(all.map(rowOf));
  const { rows } = await sql.query<{ reference: string }>(insert, [asked], 'simulator-authorizations');
  return new Set(rows.map(({ reference }) => reference));
}

const rowOf = ({ call, payment }: Authorization) => ({
  environment: call.environment,
  key: call.key,
  reference: payment.reference,
  payment: payment.payment,
  payment_method: payment.paymentMethod,
  currency: payment.currency,
  amount: String(payment.amountMinor),
  capture: payment.capture,
  state: payment.state,
  decides_at: payment.decidesAt,
  decline_code: payment.declineCode,
  token: payment.token,
  return_url: payment.returnUrl,
  captured: String(payment.capturedMinor),
  fee: String(payment.feeMinor),
  available_on: payment.availableOn,
  settles_on: payment.availableOn ?? call.at,
});
