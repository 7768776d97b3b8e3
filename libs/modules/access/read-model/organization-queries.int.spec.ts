import type { AccessEvent } from '@fintech-ledger/access/domain';
import type { DirectoryEvent } from '@fintech-ledger/ledger/domain';
import { genesisHash, sealMetadata } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter, postgresProjectionStates, Projector } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { ScriptedFeed, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { postgresOrganizationQueries } from './organization-queries';
import { ledgerAndAccess } from '../../../testing/modules';
import { organizationProjections } from '../access.module';

const { decode, projections } = ledgerAndAccess;
const { events: types } = ledgerAndAccess.domainOf('org-');

const at = '2026-01-01T00:00:00.000Z';
/** The stream of an organization from its first event on, sealed. */
function recorded(
  organizationId: string,
  events: readonly (AccessEvent | DirectoryEvent)[],
): RecordedEvent[] {
  let previousHash = genesisHash;
  return events.map(({ type, data }, i) => {
    const event = {
      id: `00000000-0000-8000-8000-${String(i).padStart(12, '0')}`,
      type,
      data: JSON.stringify(data),
      stream: `org-${organizationId}`,
      revision: revision(i),
    };
    const times = { recordedAt: at, effectiveAt: at };
    const sealed = sealMetadata(event, {
      version: types.versionOf(type),
      commandIndex: 0,
      commandSize: 1,
      ...times,
      previousHash,
    });
    previousHash = sealed.hash;
    return { ...event, metadata: sealed.text, position: globalPosition('0') };
  });
}
const ledger = (id: string, managed: string | null = null): DirectoryEvent => ({
  type: 'LedgerCreated',
  data: {
    ledger: { createdAt: at, description: null, id, managed, metadata: { of: 'x' }, name: `Books ${id}` },
  },
});
const key = (id: string): AccessEvent => ({
  type: 'ApiKeyCreated',
  data: {
    apiKey: { createdAt: at, hmac: `hmac-${id}`, id, last4: 'abcd', name: id, scopes: ['ledger:read'] },
  },
});
const sandbox = (id: string): AccessEvent => ({
  type: 'SandboxCreated',
  data: { sandbox: { createdAt: at, id, name: `of ${id}` } },
});
const unit = (code: string, exponent: number): DirectoryEvent => ({
  type: 'UnitDeclared',
  data: { unit: { code, createdAt: at, exponent, name: code } },
});

describe('the directory', () => {
  let database: TestDatabase;
  let db: Database;
  let projector: Projector<DecodedEvent>;
  const feed = new ScriptedFeed();
  beforeAll(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    projector = new Projector({
      db,
      feed,
      history: feed,
      decode,
      projections,
      recordedMsOf: ({ recordedMs }) => recordedMs,
    });
    projector.start();
  });
  afterAll(async () => {
    await projector.stop();
    await db.close();
    await database.drop();
  });

  it('knows organizations, ledgers, units and keys, each organization its own', async () => {
    const queries = postgresOrganizationQueries(db, new PositionWaiter(db, organizationProjections));
    const created = (id: string, createdAt = at): AccessEvent => ({
      type: 'OrganizationCreated',
      data: { organization: { createdAt, id, name: id } },
    });
    const one = recorded('org_1', [
      created('org_1'),
      key('key_1'),
      ledger('led_1'),
      ledger('led_2'),
      unit('PTS', 0),
      unit('PTS', 2),
      { type: 'UnitUsed', data: { code: 'PTS' } },
      key('key_2'),
      { type: 'ApiKeyRevoked', data: { apiKeyId: 'key_1', revokedAt: '2026-01-02T00:00:00.000Z' } },
      ledger('led_4', 'payments'),
      sandbox('sbx_1'),
      sandbox('sbx_2'),
    ]);
    feed.push(...one.slice(0, 5), ...recorded('org_2', [created('org_2'), ledger('led_3')]));
    feed.push(...one.slice(5));
    const organization = { createdAt: at, id: 'org_sbx', name: 'x', parentId: 'org_1', sandboxId: 'sbx_1' };
    feed.push(
      ...recorded('org_sbx', [{ type: 'SandboxOpened', data: { organization } }, key('key_3')]),
      ...recorded('org_0', [created('org_0', '2026-02-01T00:00:00.000Z'), key('key_4')]),
    );
    expect(await queries.waitFor('org_1', 11, 5_000)).toBe(true);
    expect(await queries.waitFor('org_0', 1, 5_000)).toBe(true);
    expect(await queries.waitFor('org_sbx', 1, 5_000)).toBe(true);

    expect((await queries.ledger('org_1', 'led_1')).result).toEqual({
      id: 'led_1',
      object: 'ledger',
      name: 'Books led_1',
      description: null,
      metadata: { of: 'x' },
      created_at: at,
    });
    expect((await queries.ledger('org_1', 'led_4')).result).toMatchObject({ managed: 'payments' });
    expect((await queries.ledger('org_2', 'led_1')).result).toBeNull();
    const first = await queries.ledgers('org_1', { limit: 2 });
    expect(first.revision).toBe(11);
    expect(first.result.data.map(({ id }) => id)).toEqual(['led_4', 'led_2']);
    const second = await queries.ledgers('org_1', { limit: 2, cursor: first.result.next_cursor ?? '' });
    expect(second.result).toMatchObject({ data: [{ id: 'led_1' }], has_more: false, next_cursor: null });
    expect((await queries.ledgers('org_3', { limit: 2 })).result.data).toEqual([]);

    expect(await queries.unit('org_1', 'PTS')).toMatchObject({ code: 'PTS', exponent: 2 });
    expect(await queries.unit('org_2', 'PTS')).toBeNull();
    expect((await queries.units('org_1', { limit: 5 })).result.data).toHaveLength(1);

    expect((await queries.apiKeys('org_1', { limit: 5 })).result.data).toMatchObject([
      { id: 'key_2', revoked_at: null, scopes: ['ledger:read'] },
      { id: 'key_1', revoked_at: '2026-01-02T00:00:00.000Z' },
    ]);
    expect(await queries.apiKeyCredentials('key_1')).toEqual({
      keyId: 'key_1',
      organizationId: 'org_1',
      environment: 'operator',
      hmac: 'hmac-key_1',
      scopes: ['ledger:read'],
      revokedAt: '2026-01-02T00:00:00.000Z',
    });
    expect(await queries.apiKeyCredentials('key_9')).toBeNull();
    expect(await queries.apiKeyCredentials('key_3')).toMatchObject({ environment: 'sandbox' });
    expect(await queries.apiKeyCredentials('key_4')).toMatchObject({ environment: 'live' });

    const view = { id: 'sbx_1', object: 'sandbox', name: 'of sbx_1', livemode: false, created_at: at };
    expect((await queries.sandbox('org_1', 'sbx_1')).result).toEqual(view);
    for (const other of ['org_2', 'org_sbx'])
      expect((await queries.sandbox(other, 'sbx_1')).result).toBeNull();
    const newest = await queries.sandboxes('org_1', { limit: 1 });
    expect(newest.result).toMatchObject({ data: [{ id: 'sbx_2' }], has_more: true });
    const older = await queries.sandboxes('org_1', { limit: 1, cursor: newest.result.next_cursor ?? '' });
    expect(older.result).toEqual({ data: [view], has_more: false, next_cursor: null });
    expect((await queries.sandboxes('org_sbx', { limit: 5 })).result.data).toEqual([]);
  });

  it('knows the limits of keys, and the secrets of their last rotation', async () => {
    const queries = postgresOrganizationQueries(db, new PositionWaiter(db, organizationProjections));
    const [expiresAt, until] = ['2027-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
    const limits = { allowedIps: ['203.0.113.0/24', '2001:db8::1'], expiresAt };
    const made = {
      ...{
        createdAt: at,
        hmac: 'aa',
        id: 'key_7',
        last4: 'abcd',
        name: 'x',
        scopes: ['ledger:read'],
        ...limits,
      },
    };
    const secret = (generation: number, hmac: string) => ({ generation, hmac, until });
    const rotated = (hmac: string, secretGeneration: number, olderSecrets: ReturnType<typeof secret>[]) => ({
      type: 'ApiKeyRotated' as const,
      data: { apiKey: { ...made, hmac, last4: 'efgh', olderSecrets, secretGeneration }, rotatedAt: at },
    });
    const events: AccessEvent[] = [
      { type: 'OrganizationCreated', data: { organization: { createdAt: at, id: 'org_7', name: 'x' } } },
      { type: 'ApiKeyCreated', data: { apiKey: made } },
      rotated('bb', 2, [secret(1, 'aa')]),
      rotated('cc', 3, [secret(2, 'bb'), secret(1, 'aa')]),
    ];
    const known = { keyId: 'key_7', expiresMs: Date.parse(expiresAt), allowedIps: limits.allowedIps };
    const told = recorded('org_7', events);
    feed.push(...told.slice(0, 2));
    expect(await queries.waitFor('org_7', 1, 5_000)).toBe(true);
    const before = await queries.apiKeyCredentials('key_7');
    expect(before).toMatchObject({ ...known, hmac: 'aa' });
    expect(before).not.toHaveProperty('generation');
    const shown = { expires_at: expiresAt, allowed_ips: limits.allowedIps };
    const list = async () => (await queries.apiKeys('org_7', { limit: 5 })).result.data;
    expect(await list()).toMatchObject([{ ...shown, secret_version: 1, previous_secret_until: null }]);
    // Both in one batch.
    feed.push(...told.slice(2));
    expect(await queries.waitFor('org_7', 3, 5_000)).toBe(true);
    expect(await queries.apiKeyCredentials('key_7')).toMatchObject({
      ...{ ...known, hmac: 'cc', generation: 3 },
      older: [
        { generation: 2, hmac: 'bb', untilMs: Date.parse(until) },
        { generation: 1, hmac: 'aa', untilMs: Date.parse(until) },
      ],
    });
    const rotatedView = { last4: 'efgh', secret_version: 3, previous_secret_until: until };
    expect(await list()).toMatchObject([{ ...shown, ...rotatedView }]);
  });

  it('says how the projections are doing', async () => {
    const nowMs = Date.parse(at) + 4_000;
    const views = await postgresProjectionStates(db, feed, () => nowMs).projections();
    expect(views.map(({ name, state, version }) => [name, state, version])).toEqual([
      ['accounts', 'running', 1],
      ['directory', 'running', 1],
      ['entries', 'running', 1],
      ['events', 'running', 1],
      ['sums', 'running', 1],
      ['transactions', 'running', 1],
    ]);
    expect(views[0]).toMatchObject({ lag: { events: 0, seconds: 0 }, last_error: null });
    await projector.stop();
    const stopped = await postgresProjectionStates(db, feed, () => nowMs).projections();
    expect(stopped[0]?.state).toBe('starting');
  });
});
