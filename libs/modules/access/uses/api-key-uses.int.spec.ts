import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { ApiKeyUses } from './api-key-uses';

describe('last uses of API keys', () => {
  let database: TestDatabase;
  let db: Database;
  let nowMs = Date.UTC(2026, 0, 1);
  const warnings: object[] = [];
  /** One of each process. */
  const process = (sql: Pick<Database, 'query'> = db): ApiKeyUses =>
    new ApiKeyUses({ sql, log: { warn: (facts: object) => void warnings.push(facts) }, nowMs: () => nowMs });
  const rows = async (): Promise<unknown> =>
    (await db.query<{ n: string }>('select count(*) as n from meta.api_key_uses')).rows[0]?.n;

  beforeAll(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
  });
  beforeEach(async () => {
    warnings.length = 0;
    await db.query('truncate meta.api_key_uses');
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('are known to the process at once, and to others and to later ones once they are written', async () => {
    const [one, other] = [process(), process()];
    one.note('key_1');
    const at = new Date(nowMs).toISOString();
    expect(await one.of(['key_1', 'key_2'])).toEqual(new Map([['key_1', at]]));
    expect([await other.of(['key_1']), await rows()]).toEqual([new Map(), '0']);
    await one.write();
    expect(await other.of(['key_1'])).toEqual(new Map([['key_1', at]]));
    expect(await process().of(['key_1'])).toEqual(new Map([['key_1', at]]));
  });

  it('are the latest of all processes, whichever writes last', async () => {
    const [one, other] = [process(), process()];
    one.note('key_1');
    nowMs += 5_000;
    other.note('key_1');
    const at = new Date(nowMs).toISOString();
    await other.write();
    await one.write();
    expect(await one.of(['key_1'])).toEqual(new Map([['key_1', at]]));
    nowMs += 5_000;
    one.note('key_1');
    expect(await one.of(['key_1'])).toEqual(new Map([['key_1', new Date(nowMs).toISOString()]]));
  });

  it('are written once for each key, however often that was used, and not again', async () => {
    const statements: unknown[] = [];
    const uses = process({ query: (...asked) => (statements.push(asked[1]), db.query(...asked)) });
    for (let used = 0; used < 1_000; used += 1) uses.note(`key_${used % 2}`);
    await uses.write();
    await uses.write();
    expect(statements).toEqual([['key_0\nkey_1', `${nowMs}\n${nowMs}`]]);
  });

  it('are kept in memory as long as they can not be written, and are written as the process stops', async () => {
    let isDown = true;
    const uses = process({
      query: (...asked) => (isDown ? Promise.reject(new Error('it is down')) : db.query(...asked)),
    });
    uses.note('key_1');
    await uses.write();
    expect([warnings, await rows()]).toEqual([[{ problem: 'it is down' }], '0']);
    isDown = false;
    expect(await uses.of(['key_1'])).toEqual(new Map([['key_1', new Date(nowMs).toISOString()]]));
    await uses.close();
    expect(await rows()).toBe('1');
  });
});
