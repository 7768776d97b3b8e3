import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './http-load.mjs';

export const uniform = (n) => () => Math.floor(Math.random() * n);

/** Ranks with probability ~ 1/rank (s = 1): a few accounts take most. */
export function zipf(n) {
  const cumulative = new Float64Array(n);
  let sum = 0;
  for (let rank = 1; rank <= n; rank += 1) cumulative[rank - 1] = sum += 1 / rank;
  return () => {
    const target = Math.random() * sum;
    let low = 0;
    let high = n - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < target) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A ledger of a running server, as the benchmarks use it. */
export class LedgerUnderTest {
  keys = 0;
  run = randomUUID();

  constructor({ url, api_key: apiKey }) {
    this.url = url;
    this.headers = { authorization: `Bearer ${apiKey}` };
  }

  async open(name) {
    this.id = (await this.post('/v1/ledgers', { name })).id;
    this.path = `/v1/ledgers/${this.id}`;
  }

  async openAccounts(count, from = 0) {
    let next = from;
    const { errors, firstError } = await load({
      url: this.url,
      headers: this.headers,
      connections: 256,
      seconds: 3_600,
      warmupSeconds: 0,
      isDone: () => next >= from + count,
      request: () => ({
        path: `${this.path}/accounts`,
        body: JSON.stringify({ address: account(next++), type: 'liability', currency: 'USD' }),
      }),
    });
    if (errors > 0) throw new Error(firstError);
  }

  transferBody(debit, credit) {
    return {
      debit_account: account(debit),
      credit_account: account(credit),
      amount: '1050',
      currency: 'USD',
      description: 'order 1001',
      metadata: { order: '1001' },
    };
  }

  /** Requests that each post one transaction, under an idempotency key of its own. */
  transfer(pickDebit, accounts) {
    const pickCredit = uniform(accounts);
    return () => ({
      path: `${this.path}/transfers`,
      extra: `idempotency-key: ${this.run}-${this.keys++}\r\n`,
      body: JSON.stringify(this.transferBody(pickDebit(), pickCredit())),
    });
  }

  bulk(size, accounts) {
    const pick = uniform(accounts);
    const entry = (direction) => ({ account: account(pick()), direction, amount: '1050', currency: 'USD' });
    return () => ({
      path: `${this.path}/transactions/bulk`,
      extra: `idempotency-key: ${this.run}-${this.keys++}\r\n`,
      body: JSON.stringify({
        atomic: true,
        transactions: Array.from({ length: size }, () => ({
          entries: [entry('debit'), entry('credit')],
          description: 'order 1001',
        })),
      }),
    });
  }

  /** Waits until the read models have caught up; returns how long that took, in seconds. */
  async settled() {
    const startedAt = performance.now();
    for (;;) {
      const { data } = await this.get('/v1/projections');
      if (data.every(({ lag }) => lag.events === 0)) return (performance.now() - startedAt) / 1000;
      await sleep(200);
    }
  }

  async get(path) {
    return this.read(await fetch(`${this.url}${path}`, { headers: this.headers }));
  }

  async post(path, body) {
    const headers = { ...this.headers, 'content-type': 'application/json' };
    return this.read(
      await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
  }

  async read(response) {
    const body = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(body));
    return body;
  }
}

export const account = (number) => `accounts:${number}`;
