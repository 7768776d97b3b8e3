import { addressOf } from './generated-events.mjs';

const requestsPerSecond = 200;
const secondsEach = 10;

/** Queries in open loop: requests start on time whether or not earlier ones have come back, so that waiting counts. */
export async function measureQueries({ queries, ledgerId, accounts, generator, print }) {
  const any = (max) => Math.floor(Math.random() * max);
  const page = { limit: 100 };
  const midTime = new Date(generator.startMs + Math.floor(generator.revision / 10)).toISOString();
  const deep = await cursorAt(0.95);
  const account = addressOf(1);
  const cases = {
    balance: () => queries.balance(ledgerId, addressOf(any(accounts))),
    'balance as of recorded': () =>
      queries.balance(ledgerId, addressOf(any(accounts)), { time: midTime, axis: 'recorded' }),
    'balance as of effective': () =>
      queries.balance(ledgerId, addressOf(any(accounts)), { time: midTime, axis: 'effective' }),
    transaction: () =>
      queries.transaction(ledgerId, generator.transactionIdOf(accounts + any(generator.revision - accounts))),
    'page of 100 transactions': () => queries.transactions(ledgerId, {}, page),
    'page of 100 at 95 % depth': () => queries.transactions(ledgerId, {}, { ...page, cursor: deep }),
    'page of 100 by effective time': () => queries.transactions(ledgerId, { to: midTime }, page),
    'page of 100 of an account': () =>
      queries.transactions(ledgerId, { account: addressOf(any(accounts)) }, page),
    'statement of 100': () => queries.accountEntries(ledgerId, addressOf(any(accounts)), {}, page),
    'statement of 100, effective': () =>
      queries.accountEntries(ledgerId, addressOf(any(accounts)), { to: midTime }, page),
    'metadata, rare': () =>
      queries.transactions(
        ledgerId,
        { metadata: { order: String(accounts + any(generator.revision)) } },
        page,
      ),
    'metadata, common': () => queries.transactions(ledgerId, { metadata: { shop: 'shop-7' } }, page),
    reference: () =>
      queries.transactions(ledgerId, { reference: `order-${accounts + any(generator.revision)}` }, page),
    'status pending (none)': () => queries.transactions(ledgerId, { status: 'pending' }, page),
    account: () => queries.account(ledgerId, account),
    'accounts by prefix': () => queries.accounts(ledgerId, { prefix: 'merchants:' }, page),
    'subtree of a quarter': () => queries.subtreeBalances(ledgerId, { prefix: 'merchants:' }, page),
  };
  for (const [name, request] of Object.entries(cases)) {
    await request();
    const once = performance.now();
    await request();
    // More than the cores can answer in time would only measure the queue.
    const slow = performance.now() - once > 8;
    const times = slow ? await inTurn(request) : await openLoop(request);
    times.sort((x, y) => x - y);
    const at = (q) => times[Math.min(times.length - 1, Math.floor(q * times.length))].toFixed(1).padStart(7);
    print(
      `${name.padEnd(32)} p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} ms${slow ? '  (one at a time)' : ''}`,
    );
  }
  const started = performance.now();
  const trial = await queries.trialBalance(ledgerId, undefined, page);
  print(`trial balance: ${(performance.now() - started).toFixed(0)} ms, balanced ${trial.result.balanced}`);
  const startedAsOf = performance.now();
  const asOf = await queries.trialBalance(ledgerId, { time: midTime, axis: 'effective' }, page);
  print(
    `trial balance as of, effective: ${(performance.now() - startedAsOf).toFixed(0)} ms, balanced ${asOf.result.balanced}`,
  );

  async function inTurn(request) {
    const times = [];
    for (let i = 0; i < 10; i += 1) {
      const started = performance.now();
      await request();
      times.push(performance.now() - started);
    }
    return times;
  }
  async function openLoop(request) {
    const times = [];
    const all = [];
    const started = performance.now();
    const count = requestsPerSecond * secondsEach;
    for (let i = 0; i < count; i += 1) {
      const due = started + (i * 1000) / requestsPerSecond;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      all.push(request().then(() => times.push(performance.now() - Math.max(due, started))));
    }
    await Promise.all(all);
    return times;
  }
  /** A cursor as a client would have it after paging that deep. */
  async function cursorAt(depth) {
    const revision = Math.floor(generator.revision * (1 - depth)) + accounts;
    return Buffer.from(JSON.stringify(['transactions-recorded', 0, revision])).toString('base64url');
  }
}
