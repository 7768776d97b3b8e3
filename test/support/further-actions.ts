import { setTimeout as delay } from 'node:timers/promises';
import { statementXml } from './bank-statement';
import type { HttpAnswer, HttpRequest, HttpSpec } from './http-spec';
import { bankAccount, entry } from './refusals/sample-books';
import type { SampleBooks } from './refusals/sample-books';

type Json = Readonly<Record<string, unknown>>;

class Doer {
  constructor(
    private readonly http: HttpSpec,
    private readonly apiKey?: string,
  ) {}

  /** @throws Error it was not done */
  async do(
    method: NonNullable<HttpRequest['method']>,
    path: string,
    body?: unknown,
    more: object = {},
  ): Promise<Json> {
    const answer = await this.http.send({
      ...{ method, path },
      ...(body === undefined ? {} : { body }),
      ...(this.apiKey === undefined ? {} : { apiKey: this.apiKey }),
      ...more,
    });
    return jsonOf(answer, `${method} ${path}`);
  }

  async get(path: string): Promise<Json> {
    const more = this.apiKey === undefined ? {} : { apiKey: this.apiKey };
    return jsonOf(await this.http.ask({ path, ...more }), path);
  }

  post = (path: string, body?: unknown, more?: object): Promise<Json> => this.do('POST', path, body, more);
  patch = (path: string, body: unknown): Promise<Json> => this.do('PATCH', path, body);

  async until(path: string, isSo: (json: Json) => boolean): Promise<Json> {
    for (let n = 0; ; n += 1) {
      const json = await this.get(path);
      if (isSo(json)) return json;
      if (n === 300) throw new Error(`${path}: ${JSON.stringify(json)}`);
      await delay(100);
    }
  }
}

function jsonOf({ status, json }: HttpAnswer, what: string): Json {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(json)}`);
  return json;
}

/**
 * Does what opening the sample books does not, so that both together do all that the API can.
 * @returns an API key of what was done in a sandbox apart
 */
export async function furtherActions(http: HttpSpec, books: SampleBooks): Promise<string> {
  const live = new Doer(http);
  const sandbox = new Doer(http, books.sandboxKey);
  await inLedger(live, books);
  await inWebhooks(live, books);
  await byOperators(live);
  await onObjects(live, sandbox, books);
  await inPayments(sandbox, books);
  await onDisputes(sandbox, books);
  await atTheBank(sandbox, books);
  return withFrozenClock(http, live);
}

async function inLedger(live: Doer, { ledger, ids }: SampleBooks): Promise<void> {
  const within = `/v1/ledgers/${ledger}`;
  await live.patch(`${within}/accounts/idle`, { metadata: { a: 'further' } });
  await live.post(`${within}/accounts/frozen/unfreeze`);
  await live.post(`${within}/accounts/closed/reopen`);
  const entries = [entry('cash', 'debit'), entry('sales', 'credit')];
  await live.post(`${within}/transactions/bulk`, { transactions: [{ entries }], atomic: false });
  const csv =
    'transaction,date,account,amount,unit\n1,2026-01-01,assets:a,1,USD\n1,2026-01-01,equity:b,-1,USD\n';
  await live.post(`${within}/imports`, csv, { headers: { 'content-type': 'text/csv' } });
  await live.post(`/v1/api_keys/${ids['apiKey']}/rotate`, { overlap_seconds: 0 });
  await live.do('DELETE', `/v1/api_keys/${ids['apiKey']}`);
  await live.patch(`/v1/ledger_transfers/${ids['ledgerTransfer']}`, { description: 'further' });
}

async function inWebhooks(live: Doer, { ids }: SampleBooks): Promise<void> {
  const [on, off] = ['endpoint', 'disabledEndpoint'].map((name) => `/v1/webhook_endpoints/${ids[name]}`);
  await live.patch(`${on}`, { description: 'further' });
  await live.post(`${on}/rotate_secret`, { overlap_seconds: 1 });
  await live.post(`/v1/replays/${ids['replay']}/cancel`);
  const { id } = await live.post(`${on}/test`, { type: 'hold.placed' });
  await live.post(`/v1/deliveries/${String(id)}/retry`);
  await live.post(`${off}/enable`, {});
  await live.do('DELETE', `${off}`);
}

async function byOperators(live: Doer): Promise<void> {
  await live.post('/v1/clock_confirmations');
  await live.post('/v1/audit/keys');
  const rebuilds = '/v1/projections/accounts/rebuilds';
  const ready = async (): Promise<string> => {
    const at = `${rebuilds}/${String((await live.post(rebuilds, {}))['id'])}`;
    await live.until(at, ({ state }) => state === 'ready');
    return at;
  };
  await live.post(`${await ready()}/cancel`);
  const first = await ready();
  await live.post(`${first}/swap`);
  await live.post(`${first}/rollback`);
  const second = await ready();
  await live.post(`${second}/swap`);
  await live.post(`${second}/drop`);
}

async function onObjects(live: Doer, sandbox: Doer, { ids }: SampleBooks): Promise<void> {
  const subject = String((await live.post('/v1/data_subjects', { reference: 'further' }))['id']);
  await live.post(`/v1/data_subjects/${subject}/erase`);
  await live.patch(`/v1/customers/${ids['customer']}`, { description: 'further' });
  await live.patch(`/v1/connected_accounts/${ids['account']}`, { metadata: { a: 'further' } });
  await live.post(`/v1/connected_accounts/${ids['suspendedAccount']}/reinstate`);
  const accounts = `/v1/connected_accounts/${ids['fullAccount']}`;
  const listed = (await live.get(`${accounts}/bank_accounts`))['data'] as readonly Json[];
  await live.post(`${accounts}/bank_accounts/${String(listed[1]?.['id'])}/default`);
  const capabilities = { payouts: { requested: true } };
  const account = { type: 'individual', country: 'DE', default_currency: 'EUR', capabilities };
  const made = `/v1/connected_accounts/${String((await live.post('/v1/connected_accounts', account))['id'])}`;
  const address = { line1: 'x', city: 'x', postal_code: '1', country: 'DE' };
  await live.post(`${made}/requirements`, {
    individual: { first_name: 'x', last_name: 'x', birth_date: '1990-01-31', address },
    ...{ bank_account: bankAccount, tos_acceptance: { accepted: true } },
  });
  await live.post(`${made}/verify`);
  await sandbox.patch(`/v1/split_rules/${ids['splitRule']}`, { name: 'further' });
  await sandbox.patch(`/v1/splits/${ids['split']}`, { description: 'further' });
  await sandbox.post(`/v1/splits/${ids['lostSplit']}/reversals`, { dispute: ids['dispute'] });
}

async function inPayments(sandbox: Doer, { ids }: SampleBooks): Promise<void> {
  const paid = { amount: '1000', currency: 'USD', confirm: true, payment_method: 'pm_card_visa' };
  const threeD = { ...paid, payment_method: 'pm_card_threeDSecure2Required' };
  await sandbox.patch(`/v1/payments/${ids['waitingPayment']}`, { description: 'further' });
  const saved = { payment_method: 'pm_card_visa' };
  await sandbox.post(`/v1/payments/${ids['waitingPayment']}/confirm`, saved);
  await sandbox.post(`/v1/payments/${ids['heldPayment']}/capture`, {});
  const parties = [{ id: 'us', role: 'platform', account: 'platform', remainder: true }];
  await sandbox.post('/v1/splits', { payment: ids['unsplitPayment'], parties });
  await sandbox.patch(`/v1/transfers/${ids['transfer']}`, { description: 'further' });
  await sandbox.patch(`/v1/payouts/${ids['payout']}`, { description: 'further' });
  await sandbox.do('PUT', '/v1/payout_schedule', { interval: 'daily' });
  await sandbox.do('PUT', '/v1/payout_schedule', { interval: 'manual' });
  await sandbox.do('PUT', '/v1/test_helpers/simulator', { fee_bps: 100 });
  const reported = String((await sandbox.post('/v1/payments', paid))['id']);
  await sandbox.post(`/v1/test_helpers/payments/${reported}/report_fee`, { fee: '350' });
  await sandbox.post(`/v1/test_helpers/payments/${ids['actionPayment']}/complete_action`, {
    outcome: 'succeeded',
  });
  const { next_action } = await sandbox.post('/v1/payments', {
    ...threeD,
    return_url: 'https://shop.example/',
  });
  const { redirect_to_url } = next_action as { readonly redirect_to_url: { readonly url: string } };
  await sandbox.post(new URL(redirect_to_url.url).pathname, { outcome: 'succeeded' }, { apiKey: null });
}

async function onDisputes(sandbox: Doer, { ids }: SampleBooks): Promise<void> {
  const dispute = ids['openDispute'];
  await sandbox.patch(`/v1/disputes/${dispute}`, { description: 'further' });
  await sandbox.post(`/v1/disputes/${dispute}/evidence`, { text: 'x', submit: true });
  await sandbox.post(`/v1/test_helpers/disputes/${dispute}/resolve`, { outcome: 'won' });
  await sandbox.post(`/v1/disputes/${dispute}/erase`);
}

async function atTheBank(sandbox: Doer, { ids }: SampleBooks): Promise<void> {
  await sandbox.do('PUT', '/v1/bank_accounts', {
    bank_accounts: [{ ...bankAccount, bic: 'COBADEFFXXX', currency: 'EUR' }],
  });
  const euros = { amount: '100', currency: 'EUR', rail: 'bank_transfer', confirm: true };
  const payment = String((await sandbox.post('/v1/payments', euros))['id']);
  await sandbox.post(`/v1/bank_statement_lines/${ids['parkedLine']}/match`, { payment });
  await sandbox.post(`/v1/bank_statement_lines/${ids['returnedLine']}/cancel_return`);
  // The bank has not carried it out: its statements would never say so.
  const refund = await sandbox.post('/v1/refunds', { payment, amount: '10' });
  await sandbox.post(`/v1/refunds/${String(refund['id'])}/resolve`, { outcome: 'refund_failed' });
  const file = statementXml({
    ...{ currency: 'EUR', iban: bankAccount.iban, id: 'FURTHER', opening: 9_000 },
    entries: [{ amount: 77, name: 'Nobody' }],
  });
  await sandbox.post('/v1/bank_statements', file, { headers: { 'content-type': 'application/xml' } });
  await sandbox.post(`/v1/bank_statement_lines/${ids['parkedLine']}/erase`);
  const from = new Date(Date.now() - 30 * 86_400_000).toISOString();
  await sandbox.post(`/v1/reconciliation/fee_adjustments?from=${from}`, undefined, {
    // Nothing differs: what keeps the key is an event.
    headers: { 'idempotency-key': 'further' },
  });
}

/** In a sandbox of its own, whose clock is frozen: the rail is not asked meanwhile. */
async function withFrozenClock(http: HttpSpec, live: Doer): Promise<string> {
  const { api_key } = await live.post('/v1/sandboxes', { name: 'silent' });
  const silent = new Doer(http, String(api_key));
  await silent.do('PUT', '/v1/clock', { time: '2127-03-01T10:00:00.000Z' });
  const amount = { amount: '10000', currency: 'USD' };
  const pay = (payment_method: string): Promise<Json> =>
    silent.post('/v1/payments', { ...amount, confirm: true, payment_method });
  const { id } = await pay('pm_sim_timeoutApproved');
  const captured = { outcome: 'captured', rail_reference: 'ch_1', fee: '320' };
  const available_on = '2127-03-03T00:00:00Z';
  await silent.post(`/v1/payments/${String(id)}/resolve`, { ...captured, available_on });
  await pay('pm_card_bypassPending');
  const payout = await silent.post('/v1/payouts', {
    ...amount,
    amount: '1',
    bank_account: 'ba_sim_returned',
  });
  await silent.post('/v1/clock/advance', { to: payout['sends_at'] });
  await silent.until(`/v1/payouts/${String(payout['id'])}`, ({ status }) => status === 'paid');
  await silent.post(`/v1/payouts/${String(payout['id'])}/resolve`, { outcome: 'failed', failure_code: 'x' });
  return String(api_key);
}
