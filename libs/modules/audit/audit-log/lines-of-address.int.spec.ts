import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { originsSearched } from '../trail/limits';
import { insertOrigins, postgresRequestOrigins } from '../trail/request-origins';
import { AuditLog } from './audit-log';
import { keyOf } from './keys';
import { postgresAuditLogQueries } from './queries';

const organizationId = 'org_1';
const streamKey = 7;
const origins = 2 * originsSearched + 500;
const name = (n: number): string => `o${String(n).padStart(11, '0')}`;

describe('the lines of an address that more clients had than one statement looks for', () => {
  let testing: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
    const all = Array.from({ length: origins }, (_, n) => ({
      ...{ origin: name(n), organizationId, ip: '192.0.2.7', userAgent: null },
      // Several at one moment.
      seenMs: 1_000_000 + Math.floor(n / 3),
    }));
    await insertOrigins(db, [
      ...all,
      { origin: 'other', organizationId, ip: '192.0.2.8', userAgent: null, seenMs: 1_000_000 },
      { origin: 'foreign', organizationId: 'org_2', ip: '192.0.2.7', userAgent: null, seenMs: 1_000_000 },
    ]);
    await db.query(
      `insert into read.audit_log_streams (stream_key, stream, organization) values ($1, 'journal-led_1', $2)`,
      [streamKey, keyOf(organizationId)],
    );
    // One line of each, of the first client the newest: as of a connection that is kept open.
    const rows = [...all.map(({ origin }) => origin), 'other', 'foreign'].map(
      (origin, n) =>
        `(${keyOf(organizationId)}, ${2_000_000 - n}, ${streamKey}, ${n}, ${n}, 0, 1, 1, ${keyOf(origin)})`,
    );
    await db.query(`insert into read.audit_log values ${rows.join(',')}`);
  });
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  it('are all found, each once and the newest first', async () => {
    const queries = postgresAuditLogQueries(db, db, { waitFor: () => Promise.resolve(true) });
    const log = new AuditLog(
      { reach: () => Promise.resolve() } as never,
      queries,
      {
        read: (_organization: string, places: readonly object[]) =>
          Promise.resolve(places.map((place) => ({ place, view: { ip: '192.0.2.7', ...place } }))),
      } as never,
      { openIn: (_organization: string, value: unknown) => Promise.resolve(value) } as never,
    );
    const revisions: number[] = [];
    const { result } = await log.all({ organizationId } as never, { ip: '192.0.2.7' }, 700);
    for await (const line of result) revisions.push((line as unknown as { revision: number }).revision);
    expect(revisions).toEqual(Array.from({ length: origins }, (_, n) => n));
    const { result: none } = await log.page({ organizationId } as never, { ip: '192.0.2.9' }, { limit: 10 });
    expect(none.data).toEqual([]);
  }, 30_000);

  it('are of origins that are each told once', async () => {
    const told: string[] = [];
    for await (const some of postgresRequestOrigins(db).ofAddress(organizationId, '192.0.2.7'))
      told.push(...some);
    expect(told).toHaveLength(origins);
    expect(new Set(told).size).toBe(origins);
  });
});
