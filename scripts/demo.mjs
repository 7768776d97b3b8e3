#!/usr/bin/env node
// A marketplace's month on the clock of a sandbox, through the public API.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareBooks } from './lib/demo/compare-books.mjs';
import { DemoClient, DemoError } from './lib/demo/client.mjs';
import { daysOfMonth, Month } from './lib/demo/month.mjs';
import { root } from './lib/prepare.mjs';

const usage = `Usage: npm run demo [-- --url URL --api-key KEY --payments N --seed N --json]

A month of a marketplace, in a sandbox of its own and on its clock: merchants and developers in three currencies, payments by card of each kind (the
platform's, direct, destination, separate transfers, splits), declined ones, refunds, disputes and payouts. At its end the books are compared: the
trial balance, every balance and the sum of its balance transactions, and what the rail says that it settles.

  --url        the server; LEDGER_URL, else http://127.0.0.1:8080
  --api-key    a live key that may make sandboxes, or the key of a sandbox to be used as it is; LEDGER_API_KEY, else the one that "npm run up" made
  --payments   how many in the month, from 30 to 100,000; 300 unless told
  --seed       which ones; 1 unless told
  --json       one line of JSON at the end instead of text
`;

/** A parameter that can't be taken. */
class UsageError extends DemoError {}

await main().catch((error) => {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});

async function main() {
  const { url, apiKey, payments, seed, json } = settings();
  const startedAt = Date.now();
  const run = `demo-${startedAt.toString(36)}`;
  const key = apiKey.startsWith('sk_test_') ? apiKey : await makeSandbox(url, apiKey, run);
  const client = new DemoClient(url, key, run);
  const month = new Month(client, { payments, seed });
  const say = (/** @type {string} */ text) => json || process.stderr.write(text);
  await month.open();
  await month.pass((day) => {
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const rest = Math.round((seconds / day) * (daysOfMonth - day));
    say(
      `\rday ${day} of ${daysOfMonth}: ${month.counts.payments} of ${payments} payments, ${seconds} s, about ${rest} s left   `,
    );
  });
  say('\ncomparing the books\n');
  const books = await compareBooks(client, month.accounts, daysOfMonth + 5);
  const seconds = (Date.now() - startedAt) / 1_000;
  if (json) {
    const owners = books.map(({ currency, owners, volume }) => ({
      currency,
      owners: String(owners),
      volume: String(volume),
    }));
    process.stdout.write(
      `${JSON.stringify({ ...month.counts, books: owners, commands: client.commands, seconds })}\n`,
    );
    return;
  }
  report(month.counts, books, client, seconds);
}

function report(counts, books, client, seconds) {
  const lines = Object.entries(counts).map(
    ([what, count]) => `  ${String(count).padStart(7)} ${words(what)}`,
  );
  console.log(`A month in ${Math.round(seconds)} s, ${client.commands} commands:\n${lines.join('\n')}`);
  console.log('The books agree. Per currency, in its minor unit: booked, and what owners have of it now');
  for (const { currency, volume, owners } of books)
    console.log(`  ${currency} ${String(volume).padStart(14)} ${String(owners).padStart(14)}`);
  console.log(`\nTry: curl -s ${client.url}/v1/balance -H 'Authorization: Bearer ${client.apiKey}'`);
}

function words(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** @returns {Promise<string>} its key */
async function makeSandbox(url, apiKey, run) {
  const live = new DemoClient(url, apiKey, run);
  const { api_key: key } = await live.command('/v1/sandboxes', { name: 'Marketplace' }, { key: 'sandbox' });
  return key;
}

/** @throws UsageError that names the parameter */
function settings() {
  const { values } = parse();
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const file = path.join(process.env.DATA_DIR ?? path.join(root, '.data'), 'api-key');
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  const apiKey = values['api-key'] ?? process.env.LEDGER_API_KEY ?? kept;
  if (apiKey === undefined)
    throw new UsageError('there is no API key: run "npm run up" first, or give --api-key.');
  return {
    url: values.url ?? process.env.LEDGER_URL ?? 'http://127.0.0.1:8080',
    apiKey,
    payments: whole('payments', values.payments ?? '300', 30, 100_000),
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    json: values.json ?? false,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        url: { type: 'string' },
        'api-key': { type: 'string' },
        payments: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
}

function whole(name, text, least, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}
