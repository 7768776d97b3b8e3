// Single posts and bulk through HTTP, as ratios to a bare echo and to a raw insert.
import path from 'node:path';
import { drive } from './drive.mjs';
import { describe, load } from './http-load.mjs';
import { Verdicts } from './verdicts.mjs';
import { rawInsert } from './raw-insert.mjs';
import {
  lib,
  removeFolder,
  startPostgres,
  startProgram,
  startStandalone,
  stopProgram,
  temporaryFolder,
} from './start.mjs';
import { LedgerUnderTest, uniform, zipf } from './ledger-under-test.mjs';

export async function run({ seconds, connections, tool, accounts = 10_000 }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('writes');
  const postgres = process.env.DATABASE_URL ? undefined : await startPostgres(path.join(folder, 'postgres'));
  const databaseUrl = process.env.DATABASE_URL ?? postgres.url;
  const echo = await startProgram(['scripts/bench/echo-server.mjs']);
  const standalone = await startStandalone({
    DATABASE_URL: databaseUrl,
    DATA_DIR: path.join(folder, 'data'),
  });
  try {
    const ledger = new LedgerUnderTest(standalone);
    await ledger.open('bench');
    await ledger.openAccounts(accounts);

    const body = JSON.stringify(ledger.transferBody(1, 2));
    const closed = async (name, pick, more = {}) => {
      const result = await drive(tool, {
        url: standalone.url,
        headers: ledger.headers,
        connections,
        seconds,
        request: ledger.transfer(pick, accounts),
        ...more,
      });
      console.log(describe(name, result));
      return result;
    };
    // The peer is measured before and after, so that a machine that slows down meanwhile does not count for or against us.
    const echoOnce = () =>
      drive(tool, { url: echo.line, connections, seconds, request: () => ({ path: '/echo', body }) });
    const before = await echoOnce();
    console.log(describe('bare Fastify JSON echo', before));
    const spread = await closed(`single posts, ${accounts} accounts, uniform`, uniform(accounts));
    const zipfian = await closed(`single posts, ${accounts} accounts, zipf`, zipf(accounts));
    const hot = await closed('single posts, one hot account', () => 0);
    const again = await closed(`single posts, ${accounts} accounts, uniform (again)`, uniform(accounts));
    const after = await echoOnce();
    console.log(describe('bare Fastify JSON echo (again)', after));

    const echoRate = (before.perSecond + after.perSecond) / 2;
    const uniformRate = (spread.perSecond + again.perSecond) / 2;
    verdicts.atLeast('single posts / bare echo', uniformRate / echoRate, 0.35);
    verdicts.atMost('single posts, p99 at 256 connections, ms', Math.max(spread.p99, again.p99), 60);
    verdicts.atLeast('one hot account / uniform', hot.perSecond / uniformRate, 0.95);
    verdicts.note('zipf / uniform', zipfian.perSecond / uniformRate);

    for (const share of [0.5, 0.8]) {
      const rate = Math.round(uniformRate * share);
      const open = await load({
        url: standalone.url,
        headers: ledger.headers,
        connections,
        seconds,
        rate,
        request: ledger.transfer(uniform(accounts), accounts),
      });
      console.log(describe(`single posts, open loop at ${rate}/s`, open));
    }

    await ledger.settled();
    const bulk = await load({
      url: standalone.url,
      headers: ledger.headers,
      connections: 2,
      seconds,
      request: ledger.bulk(1_000, accounts),
    });
    console.log(describe('bulk of 1,000 (requests)', bulk));
    await ledger.settled();
    const raw = await rawInsert({ lib, databaseUrl, stream: `journal-${ledger.id}`, seconds });
    console.log(`raw insert of the same events, 1,000 a commit  ${Math.round(raw).toString().padStart(7)}/s`);
    verdicts.atLeast('bulk of 1,000 (transactions) / raw batch insert', (bulk.perSecond * 1_000) / raw, 0.5);
    verdicts.note('bulk, transactions/s', bulk.perSecond * 1_000);
  } finally {
    await stopProgram(standalone);
    await stopProgram(echo);
    await postgres?.stop();
    await removeFolder(folder);
  }
  return verdicts.print();
}
