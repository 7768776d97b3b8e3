import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRequest } from './support/http-spec';
import { WebhooksInProcess } from './support/webhooks-in-process';

type Json = Readonly<Record<string, unknown>>;

const party = { type: 'company', country: 'DE', default_currency: 'USD', capabilities: {} };
const sale = { amount: '5000', currency: 'USD', confirm: true, payment_method: 'pm_card_bypassPending' };
/** What is made, and where; later ones with what those before them made. */
const made: readonly [string, string, (ids: Readonly<Record<string, string>>) => object][] = [
  ['led', '/v1/ledgers', () => ({ name: 'Books' })],
  ['key', '/v1/api_keys', () => ({ name: 'Till', scopes: ['payments:read'] })],
  ['sub', '/v1/data_subjects', () => ({ reference: 'somebody' })],
  ['cus', '/v1/customers', () => ({ email: 'jenny@example.com' })],
  ['acct', '/v1/connected_accounts', () => party],
  ['pm', '/v1/customers/{cus}/payment_methods', () => ({ payment_method: 'pm_card_visa' })],
  ['pay', '/v1/payments', () => sale],
  ['re', '/v1/refunds', ({ pay }) => ({ payment: pay, amount: '10' })],
  ['tr', '/v1/transfers', ({ acct }) => ({ amount: '10', currency: 'USD', destination: acct })],
  ['po', '/v1/payouts', () => ({ amount: '10', currency: 'USD' })],
  [
    'spr',
    '/v1/split_rules',
    ({ acct }) => ({
      name: 'Sales',
      parties: [{ id: 'a', role: 'merchant', account: acct, remainder: true }],
    }),
  ],
  ['we', '/v1/webhook_endpoints', () => ({ url: 'http://127.0.0.1:9/', event_types: ['payment.*'] })],
];

describe('ids', () => {
  let hooks: WebhooksInProcess;
  let apiKey = '';
  let keys = 0;

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start('embedded');
    apiKey = String((await send({ path: '/v1/sandboxes', body: { name: 'Shop' } }))['api_key']);
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  const send = async (request: HttpRequest): Promise<Json> => {
    const { status, json } = await hooks.http.send(request);
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };

  it.each([true, false])(
    'sort by the time at which they were made; with idempotency keys: %s',
    async (hasKey) => {
      const ids: Record<string, string> = {};
      for (const [prefix, path, body] of made) {
        const four: string[] = [];
        for (let n = 0; n < 4; n += 1) {
          const route = path.replaceAll(/\{(\w+)\}/g, (_, of: string) => ids[of] ?? '');
          const headers = hasKey ? { 'idempotency-key': `made ${(keys += 1)}` } : {};
          const { id } = await send({ path: route, body: body(ids), apiKey, headers });
          four.push(String(id));
          await delay(2);
        }
        expect(four.toSorted()).toEqual(four);
        // Half a day: ids of no time differ there.
        expect(new Set(four.map((id) => id.slice(0, prefix.length + 6)))).toEqual(
          new Set([four[0]?.slice(0, prefix.length + 6)]),
        );
        expect(four[0]).toMatch(new RegExp(`^${prefix}_`));
        ids[prefix] = four[0] ?? '';
      }
    },
  );
});
