import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresSubjectKeys } from './postgres-subject-keys';
import type { SubjectKeys } from './subject-keys';

const organizationId = 'org_1';

describe('ids of data subjects', () => {
  let testing: TestDatabase;
  let db: Database;
  let keys: SubjectKeys;

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 8, statementTimeoutMs: 30_000 });
    const noEvents = { readStream: () => Promise.resolve([]) };
    keys = postgresSubjectKeys(db, 'a pepper of at least 32 characters', noEvents);
  });
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  const claim = async (id: string): Promise<string> =>
    (await keys.claim(organizationId, id, 'customer')).subject.id;

  it('sort by time, with a key and without one', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      ids.push(await keys.newId(organizationId, n % 2 === 0 ? `key ${n}` : undefined));
      await sleep(2);
    }
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(10);
    for (const id of ids) expect(id).toMatch(/^sub_[0-9A-Z]{32}$/);
  });

  it('stay the same for a request that is sent again, and no other', async () => {
    const id = await claim(await keys.newId(organizationId, 'again'));
    await sleep(2);
    expect(await keys.newId(organizationId, 'again')).toBe(id);
    expect(await keys.newId('org_2', 'again')).not.toBe(id);
    expect(await keys.newId(organizationId, 'again2')).not.toBe(id);
    await keys.destroy([id]);
    expect(await keys.newId(organizationId, 'again')).toBe(id);
  });

  it('are one where requests with one key come at once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      ids.push(await keys.newId(organizationId, 'at once'));
      await sleep(2);
    }
    expect(new Set(ids).size).toBe(8);
    const claimed = await Promise.all(ids.map((id) => keys.claim(organizationId, id, 'customer')));
    expect(new Set(claimed.map(({ subject }) => subject.id)).size).toBe(1);
    expect(new Set(claimed.map(({ subject }) => String(subject.key))).size).toBe(1);
    expect(claimed.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it('of requests of earlier versions are found', async () => {
    const before = await claim(keys.idOf(organizationId, 'of before'));
    expect(await keys.newId(organizationId, 'of before')).toBe(before);
  });
});
