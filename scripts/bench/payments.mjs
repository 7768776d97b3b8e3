// One-step payments by card, split among three parties, beside single posts to a ledger, in turns on one server.
import path from 'node:path';
import { describe, load } from './http-load.mjs';
import { LedgerUnderTest, uniform } from './ledger-under-test.mjs';
import { removeFolder, startPostgres, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const accounts = 100;

/** `rounds`: of both loads. The rate of payments is held against that of posts of the same round. */
export async function run({ seconds, connections, rounds }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('payments');
  const postgres = await startPostgres(path.join(folder, 'postgres'));
  const standalone = await startStandalone({
    DATABASE_URL: postgres.url,
    DATA_DIR: path.join(folder, 'data'),
  });
  try {
    const books = new LedgerUnderTest(standalone);
    await books.open('posts');
    await books.openAccounts(accounts);
    const shop = await openShop(standalone);
    const measure = async (name, of, request) => {
      const result = await load({ url: of.url, headers: of.headers, connections, seconds, request });
      console.log(describe(name, result));
      if (result.errors > 0) throw new Error(result.firstError);
      return result.perSecond;
    };
    const ratios = [];
    let behind = 0;
    for (let round = 0; round < rounds; round += 1) {
      const posts = await measure('single posts', books, books.transfer(uniform(accounts), accounts));
      await books.settled();
      const payments = await measure('payments in three parts', shop.of, shop.request);
      behind = Math.max(behind, await books.settled());
      ratios.push(payments / posts);
    }
    const [middle] = ratios.toSorted((a, b) => a - b).slice(Math.floor(rounds / 2));
    verdicts.atLeast('payments in three parts / single posts', middle, 0.35);
    verdicts.atMost('read models behind after payments, seconds', behind, 5);
  } finally {
    await stopProgram(standalone);
    await postgres.stop();
    await removeFolder(folder);
  }
  return verdicts.print();
}

/** A sandbox with two connected accounts, and how its sales are split. */
async function openShop(standalone) {
  const { api_key: key } = await new LedgerUnderTest(standalone).post('/v1/sandboxes', { name: 'Shop' });
  const of = new LedgerUnderTest({ url: standalone.url, api_key: key });
  /** @type {object[]} */
  const parties = [{ id: 'platform', role: 'platform', account: 'platform', remainder: true }];
  for (const role of ['merchant', 'developer']) {
    const asked = { payments: { requested: true }, payouts: { requested: true } };
    const party = { type: 'company', country: 'DE', default_currency: 'USD', capabilities: asked };
    const { id } = await of.post('/v1/connected_accounts', party);
    parties.push({ id: role, role, account: id, share_bps: role === 'merchant' ? 8_000 : 1_000 });
  }
  const { id: rule } = await of.post('/v1/split_rules', { name: 'Sales', parties });
  const body = JSON.stringify({
    ...{ amount: '10000', currency: 'USD', confirm: true, payment_method: 'pm_card_visa' },
    ...{ description: 'order 1001', split_rule: rule },
  });
  const request = () => ({
    path: '/v1/payments',
    extra: `idempotency-key: ${of.run}-${of.keys++}\r\n`,
    body,
  });
  return { of, request };
}
