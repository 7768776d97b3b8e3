// What one organization can do to another: for every operation its most expensive legal request, 64 at a time, beside
// paced posts and reads.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../lib/free-port.mjs';
import { anotherOrganization } from '../lib/neighbours/another-organization.mjs';
import { startAttack } from '../lib/neighbours/attack-process.mjs';
import { expensiveRequests } from '../lib/neighbours/expensive-request.mjs';
import { openBooks } from '../lib/neighbours/open-books.mjs';
import { root } from '../lib/prepare.mjs';
import { LedgerUnderTest } from './ledger-under-test.mjs';
import { pacedLoad } from './paced-load.mjs';
import { lib, removeFolder, startStandalone, stopProgram, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const pepper = 'only for this benchmark, which is over soon';
const pace = 100;
const accounts = 100;
const attackers = 64;

export async function run({ seconds, operations }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('neighbours');
  const writerPort = await freePort();
  const standalone = await startStandalone({
    DATA_DIR: path.join(folder, 'data'),
    API_KEY_PEPPER: pepper,
    WRITER_PORT: String(writerPort),
  });
  try {
    const victim = new LedgerUnderTest(standalone);
    await victim.open('victim');
    await victim.openAccounts(accounts);
    const library = { ...lib('engine/command-transport'), ...lib('engine/envelope'), ...accessLibrary() };
    const apiKey = await anotherOrganization(library, { writerPort, pepper });
    const neighbour = new LedgerUnderTest({ url: standalone.url, api_key: apiKey });
    await untilKnown(neighbour);
    const ask = (to, body) => (body === undefined ? neighbour.get(to) : neighbour.post(to, body));
    const books = await openBooks(ask, { accounts, transactions: 20_000 });
    await victim.settled();
    const document = JSON.parse(readFileSync(path.join(root, 'schemas', 'openapi.json'), 'utf8'));
    const chosen = expensiveRequests(document, books).filter(
      ({ operationId }) => operations === undefined || operations.includes(operationId),
    );
    const alone = await pacedLoad(victim, { pace, accounts, seconds });
    console.log(`alone: ${say(alone)}`);
    for (const { operationId, costClass } of chosen) {
      const { url } = standalone;
      const end = await startAttack({ url, apiKey, books, operationId, connections: attackers });
      const beside = await pacedLoad(victim, { pace, accounts, seconds });
      const statuses = await end();
      console.log(
        `${operationId.padEnd(22)} ${costClass.padEnd(9)} ${say(beside)}  ${JSON.stringify(statuses)}`,
      );
      verdicts.atLeast(`${operationId}: posts / pace`, beside.posts.perSecond / pace, 0.9);
      const p99Max = Math.max(3 * alone.posts.p99, 50);
      verdicts.atMost(`${operationId}: p99 of posts, ms`, beside.posts.p99, Math.round(p99Max));
      verdicts.atMost(`${operationId}: posts and reads that failed`, beside.errors, 0);
      // What it left to be done is not the next one's.
      await victim.settled();
      await sleep(1_000);
    }
  } finally {
    await stopProgram(standalone);
    await removeFolder(folder);
  }
  return verdicts.print();
}

function accessLibrary() {
  return { ...lib('modules/access'), ...lib('modules/access/domain') };
}

async function untilKnown(ledger) {
  for (;;) {
    const isKnown = await ledger.get('/v1/ledgers?limit=1').then(
      () => true,
      () => false,
    );
    if (isKnown) return;
    await sleep(100);
  }
}

const ms = (value) => `${value.toFixed(1)} ms`;
const say = ({ posts, reads, errors }) =>
  `posts ${posts.perSecond.toFixed(1)}/s p99 ${ms(posts.p99)}, ` +
  `reads ${reads.perSecond.toFixed(1)}/s p99 ${ms(reads.p99)}` +
  (errors > 0 ? `, ${errors} FAILED: ${posts.firstError ?? reads.firstError}` : '');
