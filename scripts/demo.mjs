#!/usr/bin/env node
// Fills the running server with a small marketplace, through its public API. Safe to run twice: every request has an idempotency key.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/prepare.mjs';

const usage = `Usage: npm run demo [-- --url URL --api-key KEY]

Fills a running server with a small marketplace: merchants, payments with splits, refunds, holds, three currencies.
The server is LEDGER_URL (default http://127.0.0.1:8080), the key LEDGER_API_KEY (default: the one that "npm run up" made).
Run it twice: the second time nothing changes.
`;

const merchants = [
  { name: 'acme', currency: 'USD', feeBasisPoints: 290 },
  { name: 'globex', currency: 'EUR', feeBasisPoints: 250 },
  { name: 'initech', currency: 'USD', feeBasisPoints: 310 },
  { name: 'sakura', currency: 'JPY', feeBasisPoints: 350 },
];
const currencies = [...new Set(merchants.map(({ currency }) => currency))];
const payments = 60;

const { url, apiKey } = settings(process.argv.slice(2));
const done = { accounts: 0, payments: 0, refunds: 0, holds: 0, known: 0 };

main().catch((error) => {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
});

async function main() {
  const ledger = (await post('/v1/ledgers', { name: 'marketplace' }, 'demo-ledger')).id;
  const base = `/v1/ledgers/${ledger}`;
  await openAccounts(base);
  await takePayments(base);
  await holdDeposits(base);
  await payOut(base);

  console.log(`Ledger ${ledger} at ${url}`);
  console.log(
    `  ${done.accounts} accounts, ${done.payments} payments with splits, ${done.refunds} refunds, ${done.holds} holds; ${done.known} of the requests were known already`,
  );
  await printTrialBalance(base);
  console.log(`\nTry: curl -s ${url}${base}/balances?prefix=merchants: -H 'Authorization: Bearer ${apiKey}'`);
}

async function openAccounts(base) {
  const open = async (address, type, currency, more = {}) => {
    await post(`${base}/accounts`, { address, type, currency, ...more }, `demo-account-${address}`);
    done.accounts += 1;
  };
  for (const currency of currencies) {
    const suffix = currency.toLowerCase();
    await open(`bank:${suffix}`, 'asset', currency);
    await open(`platform:fees:${suffix}`, 'revenue', currency);
    await open(`customers:deposits:${suffix}`, 'liability', currency);
  }
  for (const { name, currency } of merchants) {
    // A merchant can't be paid out, or refund, more than was earned.
    await open(`merchants:${name}:payable`, 'liability', currency, {
      min_balance: '0',
      metadata: { merchant: name },
    });
  }
}

/** Each payment is split between the merchant and the platform; every seventh is refunded in part, every eleventh as a whole. */
async function takePayments(base) {
  for (let number = 1; number <= payments; number += 1) {
    const { name, currency, feeBasisPoints } = merchants[number % merchants.length];
    const amount = 1_000n + BigInt((number * 7_919) % 25_000);
    const [earned, fee] = split(amount, [10_000 - feeBasisPoints, feeBasisPoints]);
    const suffix = currency.toLowerCase();
    const { id } = await post(
      `${base}/transactions`,
      {
        entries: [
          entry(`bank:${suffix}`, 'debit', amount, currency),
          entry(`merchants:${name}:payable`, 'credit', earned, currency),
          entry(`platform:fees:${suffix}`, 'credit', fee, currency),
        ],
        description: `order ${number}`,
        reference: `order-${number}`,
        metadata: { merchant: name },
      },
      `demo-payment-${number}`,
    );
    done.payments += 1;
    if (number % 7 === 0) {
      const [less] = split(earned, [1, 3]);
      const entries = [
        entry(`bank:${suffix}`, 'debit', less, currency),
        entry(`merchants:${name}:payable`, 'credit', less, currency),
      ];
      await refund(base, id, number, { entries });
    } else if (number % 11 === 0) {
      await refund(base, id, number, {});
    }
  }
}

async function refund(base, transaction, number, part) {
  const body = { description: `refund of order ${number}`, ...part };
  await post(`${base}/transactions/${transaction}/reverse`, body, `demo-refund-${number}`);
  done.refunds += 1;
}

/** Deposits: one is captured in part, one is captured as a whole, one is given back, one is still open. */
async function holdDeposits(base) {
  for (const currency of currencies) {
    const suffix = currency.toLowerCase();
    for (const [kind, amount] of [
      ['part', 20_000n],
      ['whole', 15_000n],
      ['void', 9_900n],
      ['open', 5_000n],
    ]) {
      const key = `demo-hold-${kind}-${suffix}`;
      const { id } = await post(
        `${base}/transactions`,
        {
          entries: [
            entry(`bank:${suffix}`, 'debit', amount, currency),
            entry(`customers:deposits:${suffix}`, 'credit', amount, currency),
          ],
          description: `deposit (${kind})`,
          pending: true,
        },
        key,
      );
      done.holds += 1;
      if (kind === 'part')
        await post(`${base}/transactions/${id}/capture`, { amount: '12500' }, `${key}-capture`);
      if (kind === 'whole') await post(`${base}/transactions/${id}/capture`, {}, `${key}-capture`);
      if (kind === 'void') await post(`${base}/transactions/${id}/void`, {}, `${key}-void`);
    }
  }
}

async function payOut(base) {
  for (const { name, currency } of merchants) {
    const body = {
      debit_account: `merchants:${name}:payable`,
      credit_account: `bank:${currency.toLowerCase()}`,
      amount: '5000',
      currency,
      description: `payout to ${name}`,
    };
    await post(`${base}/transfers`, body, `demo-payout-${name}`);
  }
}

async function printTrialBalance(base) {
  let cursor;
  let position = latestPosition;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const page = await get(`${base}/trial-balance?${query}`, position);
    position = undefined;
    for (const { account, currency, debits, credits } of page.data) {
      console.log(`  ${account.padEnd(30)} ${currency} ${debits.padStart(12)} ${credits.padStart(12)}`);
    }
    cursor = page.next_cursor ?? undefined;
    if (cursor !== undefined) continue;
    for (const { currency, debits, credits } of page.totals) {
      console.log(`  ${'total'.padEnd(30)} ${currency} ${debits.padStart(12)} ${credits.padStart(12)}`);
    }
    if (!page.balanced) throw new Error('the trial balance does not balance');
  } while (cursor !== undefined);
}

/**
 * By whole weights: the largest remainders get what is left over, ties go to the earlier.
 * @param {bigint} amount
 * @param {readonly number[]} weights
 */
function split(amount, weights) {
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const shares = weights.map((weight, i) => ({
    i,
    part: (amount * BigInt(weight)) / total,
    rest: (amount * BigInt(weight)) % total,
  }));
  let left = amount - shares.reduce((sum, { part }) => sum + part, 0n);
  for (const share of [...shares].sort((a, b) =>
    a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1,
  )) {
    if (left === 0n) break;
    share.part += 1n;
    left -= 1n;
  }
  return shares.map(({ part }) => part);
}

function entry(account, direction, amount, currency) {
  return { account, direction, amount: String(amount), currency };
}

let latestPosition;

/** @returns {Promise<any>} the answer */
async function post(target, body, idempotencyKey) {
  const response = await send(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(body),
  });
  if (response.headers.get('idempotency-replayed') === 'true') done.known += 1;
  else if (target !== '/v1/ledgers') latestPosition = response.headers.get('ledger-position');
  return response.json();
}

/** @returns {Promise<any>} the answer */
async function get(target, position) {
  const headers = position === undefined || position === null ? {} : { 'ledger-min-position': position };
  return (await send(target, { headers })).json();
}

async function send(target, options) {
  const headers = { authorization: `Bearer ${apiKey}`, ...options.headers };
  const response = await fetch(new URL(target, url), { ...options, headers }).catch((error) => {
    throw new Error(
      `${url} does not answer (${error.cause?.code ?? error.message}): start it with "npm run up".`,
    );
  });
  if (response.ok) return response;
  const problem = /** @type {any} */ (await response.json().catch(() => ({})));
  throw new Error(
    `${target}: ${problem.detail ?? `HTTP ${response.status}`} (${problem.code ?? response.status})`,
  );
}

function settings(parameters) {
  if (parameters.includes('--help')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const option = (name) => {
    const at = parameters.indexOf(name);
    return at < 0 ? undefined : parameters[at + 1];
  };
  const keyFile = path.join(process.env.DATA_DIR ?? path.join(root, '.data'), 'api-key');
  const kept = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : undefined;
  const key = option('--api-key') ?? process.env.LEDGER_API_KEY ?? kept;
  if (key === undefined) {
    process.stderr.write('demo: there is no API key: run "npm run up" first, or give --api-key.\n');
    process.exit(2);
  }
  return { url: option('--url') ?? process.env.LEDGER_URL ?? 'http://127.0.0.1:8080', apiKey: key };
}
