import { requestLimitsDefault } from '@fintech-ledger/config';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { ApiProblem } from '../problems/api-problem';
import { Admission } from './admission';
import { postgresShares } from './postgres-shares';
import { ShareKeeper } from './shares';

jest.setTimeout(60_000);

let testing: TestDatabase;
let db: Database;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
});
afterEach(() => db.query('truncate meta.request_demands'));
afterAll(async () => {
  await db.close();
  await testing.drop();
});

describe('what processes tell one another in Postgres', () => {
  it('is what the others told lately', async () => {
    const [one, other, third] = [postgresShares(db), postgresShares(db), postgresShares(db)];
    expect(await one.exchange({ 'org_1/posts': 0.5 })).toEqual([]);
    expect(await other.exchange({ 'org_1/posts': 2 })).toEqual([{ 'org_1/posts': 0.5 }]);
    expect(await one.exchange({})).toEqual([{ 'org_1/posts': 2 }]);
    expect(await third.exchange({})).toEqual(expect.arrayContaining([{}, { 'org_1/posts': 2 }]));
    await db.query("update meta.request_demands set told_at = told_at - interval '10 seconds'");
    expect(await one.exchange({})).toEqual([]);
    await db.query("update meta.request_demands set told_at = told_at - interval '2 minutes'");
    await one.exchange({});
    const { rows } = await db.query('select process from meta.request_demands');
    expect(rows).toHaveLength(1);
  });

  it('divides a limit among them', async () => {
    const organization = {
      ...requestLimitsDefault,
      posts: { concurrency: 100, rate: 1_000_000, cost: 1_000_000 },
    };
    const processes = [1, 2].map(() => {
      const admission = new Admission(organization, 100);
      return { admission, keeper: new ShareKeeper(admission, postgresShares(db)) };
    });
    const principal = { organizationId: 'org_1', apiKeyId: 'key_1' };
    const fill = (admission: Admission): (() => void)[] => {
      const ends: (() => void)[] = [];
      for (;;) {
        const answer = admission.enter(principal, { use: 'posts', cost: 1, isWait: false });
        if (answer instanceof ApiProblem) return ends;
        ends.push(answer.end);
      }
    };
    for (const { admission } of processes) for (const end of fill(admission)) end();
    // The first one hears of the second only with the next renewal.
    for (let round = 0; round < 2; round += 1) {
      for (const { admission } of processes) for (const end of fill(admission)) end();
      for (const { keeper } of processes) await keeper.renew();
    }
    const counts = processes.map(({ admission }) => fill(admission).length);
    expect(counts.reduce((all, count) => all + count)).toBeLessThanOrEqual(100);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(30);
  });
});
