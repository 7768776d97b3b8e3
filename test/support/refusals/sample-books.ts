import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRequest, HttpSpec } from '../http-spec';

/** A ledger in which each rule can be broken: what is there, by name. */
export interface SampleBooks {
  readonly ledger: string;
  /** Transactions, API keys and a sandbox. */
  readonly ids: Readonly<Record<string, string>>;
  /** API keys that lack a scope, each another one. */
  readonly weakKeys: readonly string[];
  /** Of a sandbox. */
  readonly sandboxKey: string;
}

/** An Idempotency-Key that the ledger, and the organization, have seen already. */
export const usedKey = 'used-already';

export const entry = (account: string, direction: 'debit' | 'credit', amount = '100', currency = 'USD') => ({
  account,
  direction,
  amount,
  currency,
});
export const transferOf = (debit: string, credit: string, amount = '100', more: object = {}) => ({
  debit_account: debit,
  credit_account: credit,
  amount,
  currency: 'USD',
  ...more,
});

/** Opens the books. The HttpSpec is one of no ledger. */
export async function openSampleBooks(http: HttpSpec): Promise<SampleBooks> {
  const make = async (request: HttpRequest) => (await http.send(request)).json;
  const ledger = String((await make({ path: '/v1/ledgers', body: { name: 'refusals' } }))['id']);
  const post = async (path: string, body: object = {}, headers: Record<string, string> = {}) => {
    const { status, json } = await http.send({ path: `/v1/ledgers/${ledger}${path}`, body, headers });
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return String(json['id']);
  };
  const keyed = { 'idempotency-key': usedKey };
  await make({ path: '/v1/units', body: { code: 'POINTS', exponent: 0, name: 'Points' }, headers: keyed });
  const terms = { type: 'liability', currency: 'USD' };
  for (const address of ['sales', 'frozen', 'ice', 'closed', 'gone', 'idle', 'full'])
    await post('/accounts', { address, ...terms });
  await post('/accounts', { address: 'cash', ...terms, type: 'asset' });
  await post('/accounts', { address: 'euros', ...terms, currency: 'EUR' });
  await post('/accounts', { address: 'points', ...terms, currency: 'POINTS' });
  await post('/accounts', { address: 'drained', ...terms, min_balance: '0' });
  await post('/accounts', { address: 'deep', ...terms, min_balance: '0' });
  await post('/accounts', { address: 'purse', ...terms, min_balance: '0', max_balance: '1000' });
  const transfer = (debit: string, credit: string, amount?: string, more?: object) =>
    post('/transfers', transferOf(debit, credit, amount, more));
  const held = { pending: true };
  const ids: Record<string, string> = {
    posted: await post('/transfers', transferOf('cash', 'sales'), keyed),
    reference: await transfer('cash', 'sales', '1', { reference: 'taken' }),
    fill: await transfer('cash', 'purse', '500'),
    hold: await transfer('cash', 'sales', '100', held),
    captured: await transfer('cash', 'sales', '100', held),
    voided: await transfer('cash', 'sales', '100', held),
    toVoid: await transfer('cash', 'sales', '100', held),
    expired: await transfer('cash', 'sales', '100', {
      ...held,
      expires_at: new Date(Date.now() + 500).toISOString(),
    }),
    reversed: await transfer('cash', 'sales'),
    held600: await transfer('cash', 'purse', '600', held),
    onIce: await transfer('cash', 'ice', '100', held),
    ofIce: await transfer('cash', 'ice', '100'),
    toGone: await transfer('cash', 'gone', '100'),
    fromGone: await transfer('gone', 'cash', '100'),
    outOfPurse: await transfer('purse', 'cash', '400'),
    drained: await transfer('cash', 'drained'),
    drain: await transfer('drained', 'cash'),
    toDeep: await transfer('cash', 'deep'),
    heldOfDeep: await transfer('deep', 'cash', '50', held),
    three: await post('/transactions', {
      entries: [entry('cash', 'debit'), entry('sales', 'credit', '60'), entry('idle', 'credit', '40')],
    }),
    threeHeld: await post('/transactions', {
      pending: true,
      entries: [entry('cash', 'debit'), entry('sales', 'credit', '60'), entry('idle', 'credit', '40')],
    }),
  };
  // What is held of it was overdrawn meanwhile.
  await post(`/transactions/${ids['toDeep']}/reverse`, { allow_overdraft: true });
  await post(`/transactions/${ids['captured']}/capture`);
  await post(`/transactions/${ids['voided']}/void`);
  await post(`/transactions/${ids['reversed']}/reverse`);
  // What was taken out comes back only up to the maximum; what came in is gone.
  await transfer('cash', 'purse', '700');
  for (const [address, verb] of Object.entries({
    frozen: 'freeze',
    ice: 'freeze',
    closed: 'close',
    gone: 'close',
  }))
    await post(`/accounts/${address}/${verb}`);
  const weakKeys: string[] = [];
  for (const scope of ['ledger:read', 'ledger:write', 'ops:read', 'keys:write', 'webhooks:read']) {
    const { key, id } = await make({ path: '/v1/api_keys', body: { name: scope, scopes: [scope] } });
    weakKeys.push(String(key));
    ids['apiKey'] ??= String(id);
  }
  const revoked = await make({ path: '/v1/api_keys', body: { name: 'revoked', scopes: ['ledger:read'] } });
  ids['revokedKey'] = String(revoked['id']);
  await make({ path: `/v1/api_keys/${ids['revokedKey']}/revoke` });
  const hook = { url: 'https://127.0.0.1:9/hook', event_types: ['webhook_endpoint.disabled'] };
  for (const name of ['endpoint', 'disabledEndpoint'])
    ids[name] = String((await make({ path: '/v1/webhook_endpoints', body: hook }))['id']);
  await make({ path: `/v1/webhook_endpoints/${ids['disabledEndpoint']}/disable` });
  const sandbox = await make({ path: '/v1/sandboxes', body: { name: 'refusals' } });
  ids['sandbox'] = String(sandbox['id']);
  await delay(1_500);
  return { ledger, ids, weakKeys, sandboxKey: String(sandbox['api_key']) };
}
