import type { AccessEvent, ApiKeyFacts, OlderKeySecret } from '@fintech-ledger/access/domain';
import type { DirectoryEvent } from '@fintech-ledger/ledger/domain';
import { genesisHash, sealMetadata } from '@fintech-ledger/envelope';
import { MemoryEventStore, PositionUnknown, revision, StoreUnavailable } from '@fintech-ledger/event-store';
import type { LogReader } from '@fintech-ledger/event-store';
import { apiKeyFreshMs } from '@fintech-ledger/http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerAndAccess } from '../../../testing/modules';
import { FollowedApiKeys } from './followed-api-keys';
import type { FollowedApiKeysOptions } from './followed-api-keys';
import { reloadMs } from './limits';

const at = '2026-01-01T00:00:00.000Z';
const created = (id: string): AccessEvent => ({
  type: 'ApiKeyCreated',
  data: {
    apiKey: { createdAt: at, hmac: `hmac-${id}`, id, last4: 'abcd', name: id, scopes: ['ledger:read'] },
  },
});
const limited = (id: string, limits: Pick<ApiKeyFacts, 'allowedIps' | 'expiresAt'>): AccessEvent => ({
  type: 'ApiKeyCreated',
  data: {
    apiKey: { createdAt: at, hmac: `hmac-${id}`, id, last4: 'abcd', name: id, scopes: ['*'], ...limits },
  },
});
const rotated = (id: string, generation: number, olderSecrets: readonly OlderKeySecret[]): AccessEvent => ({
  type: 'ApiKeyRotated',
  data: {
    apiKey: {
      ...{ createdAt: at, hmac: `hmac-${id}-${generation}`, id, last4: 'efgh', name: id, olderSecrets },
      ...{ scopes: ['ledger:read'], secretGeneration: generation },
    },
    rotatedAt: at,
  },
});
const revoked = (id: string): AccessEvent => ({
  type: 'ApiKeyRevoked',
  data: { apiKeyId: id, revokedAt: at },
});
const ledger: DirectoryEvent = {
  type: 'LedgerCreated',
  data: {
    ledger: { createdAt: at, description: null, id: 'led_1', managed: null, metadata: {}, name: 'Books' },
  },
};

/** A store whose organizations a test writes, and which it stops. */
class Store implements LogReader {
  inner = new MemoryEventStore();
  isSilent = false;
  isReplaced = false;
  reads = 0;
  private readonly ends = new Map<string, { next: number; hash: string }>();

  async append(organizationId: string, events: readonly (AccessEvent | DirectoryEvent)[], broken = false) {
    for (const { type, data } of events) {
      const stream = `org-${organizationId}`;
      const { next, hash } = this.ends.get(stream) ?? { next: 0, hash: genesisHash };
      const event = { id: randomUUID(), type, data: JSON.stringify(data), stream, revision: revision(next) };
      const sealed = sealMetadata(event, {
        version: ledgerAndAccess.domainOf('org-').events.versionOf(type),
        commandIndex: 0,
        commandSize: 1,
        recordedAt: at,
        effectiveAt: at,
        previousHash: broken ? 'f'.repeat(64) : hash,
      });
      const expected = next === 0 ? 'no_stream' : revision(next - 1);
      await this.inner.append(stream, expected, [
        { id: event.id, type, data: event.data, metadata: sealed.text },
      ]);
      this.ends.set(stream, { next: next + 1, hash: sealed.hash });
    }
  }

  readAfter: LogReader['readAfter'] = (...args) => {
    this.reads += 1;
    if (this.isSilent) return Promise.reject(new StoreUnavailable('connect ECONNREFUSED'));
    if (this.isReplaced && args[0] !== undefined) return Promise.reject(new PositionUnknown('another store'));
    return this.inner.readAfter(...args);
  };
}

const opened: FollowedApiKeys[] = [];
afterEach(() => Promise.all(opened.splice(0).map((keys) => keys.close())));

function follow(store: Store, more: Partial<FollowedApiKeysOptions> = {}) {
  const clock = { monotonicMs: 0, wallMs: 0 };
  const silent = (): void => undefined;
  const keys = new FollowedApiKeys({
    log: store,
    decode: ledgerAndAccess.decode,
    logger: { info: silent, warn: silent, error: silent },
    now: () => ({ ...clock }),
    ...more,
  });
  opened.push(keys);
  const pass = (milliseconds: number): void => {
    clock.monotonicMs += milliseconds;
    clock.wallMs += milliseconds;
  };
  return { keys, clock, pass };
}

describe('the API keys that a process follows', () => {
  it('are those that the store has, at the start and after each read', async () => {
    const store = new Store();
    await store.append('org_1', [created('key_1'), ledger, created('key_2'), revoked('key_1')]);
    const { keys } = follow(store);
    expect(keys.doubt('org_1')).toMatch(/last read/);
    await keys.start();
    expect(keys.doubt('org_1')).toBeUndefined();
    expect(keys.find('key_2')).toEqual({
      keyId: 'key_2',
      organizationId: 'org_1',
      environment: 'live',
      hmac: 'hmac-key_2',
      scopes: ['ledger:read'],
    });
    expect([keys.find('key_1'), keys.ended('key_1')]).toEqual([undefined, 'revoked']);
    await store.append('org_1', [revoked('key_2'), created('key_3')]);
    await store.append('org_2', [created('key_4')]);
    expect(await keys.refresh()).toBe(true);
    expect([keys.find('key_2'), keys.ended('key_2')]).toEqual([undefined, 'revoked']);
    expect(keys.find('key_3')).toBeDefined();
    expect(keys.find('key_4')).toMatchObject({ organizationId: 'org_2' });
  });

  it('are of the operator, which is the first organization, of another live one, or of a sandbox', async () => {
    const store = new Store();
    const organization = (id: string) => ({ createdAt: at, id, name: id });
    const begun = (id: string): AccessEvent => ({
      type: 'OrganizationCreated',
      data: { organization: organization(id) },
    });
    const opened: AccessEvent = {
      type: 'SandboxOpened',
      data: { organization: { ...organization('org_0'), parentId: 'org_1', sandboxId: 'sbx_1' } },
    };
    await store.append('org_0', [opened, created('key_1')]);
    await store.append('org_1', [begun('org_1'), created('key_2')]);
    await store.append('org_2', [begun('org_2'), created('key_3')]);
    const { keys } = follow(store);
    await keys.start();
    expect(['key_1', 'key_2', 'key_3'].map((id) => keys.find(id)?.environment)).toEqual([
      'sandbox',
      'operator',
      'live',
    ]);
    expect(keys.firstOrganization()).toBe('org_1');
  });

  it('expire exactly at their time, by the clock of the process', async () => {
    const store = new Store();
    const limits = { allowedIps: ['203.0.113.0/24'], expiresAt: new Date(5_000).toISOString() };
    await store.append('org_1', [limited('key_1', limits), created('key_2')]);
    const { keys, clock } = follow(store);
    await keys.start();
    expect(keys.find('key_1')).toMatchObject({ expiresMs: 5_000, allowedIps: ['203.0.113.0/24'] });
    clock.wallMs = 4_999;
    expect(keys.ended('key_1')).toBeUndefined();
    clock.wallMs = 5_000;
    expect([keys.ended('key_1'), keys.ended('key_2')]).toEqual(['expired', undefined]);
  });

  it('have the secrets of their last rotation, those of before until their time', async () => {
    const store = new Store();
    const until = new Date(5_000).toISOString();
    await store.append('org_1', [
      created('key_1'),
      rotated('key_1', 2, [{ generation: 1, hmac: 'aa', until }]),
    ]);
    const { keys, clock } = follow(store);
    await keys.start();
    expect(keys.find('key_1')).toMatchObject({
      hmac: 'hmac-key_1-2',
      generation: 2,
      older: [{ generation: 1, hmac: 'aa', untilMs: 5_000 }],
    });
    const ended = (): unknown[] => [undefined, 2, 3].map((secret) => keys.ended('key_1', secret));
    // The third one was made by a rotation that this process has not read yet.
    expect(ended()).toEqual([undefined, undefined, undefined]);
    clock.wallMs = 5_000;
    expect(ended()).toEqual(['replaced', undefined, undefined]);
    await store.append('org_1', [rotated('key_1', 3, [])]);
    clock.wallMs = 0;
    await keys.refresh();
    expect(ended()).toEqual(['replaced', 'replaced', undefined]);
  });

  it('get older while the store does not answer, by whichever clock goes on', async () => {
    const store = new Store();
    await store.append('org_1', [created('key_1')]);
    const { keys, clock, pass } = follow(store);
    await keys.start();
    store.isSilent = true;
    pass(apiKeyFreshMs);
    expect([keys.ageMs('org_1'), keys.doubt('org_1')]).toEqual([apiKeyFreshMs, undefined]);
    clock.wallMs += 1;
    expect(keys.doubt('org_1')).toBeDefined();
    expect(await keys.refresh()).toBe(false);
    pass(apiKeyFreshMs);
    expect(keys.problem()).toMatch(/The event store has not told/);
    expect(keys.find('key_1')).toBeDefined();
    store.isSilent = false;
    expect(await keys.refresh()).toBe(true);
    expect([keys.doubt('org_1'), keys.problem()]).toEqual([undefined, undefined]);
  });

  it.each([
    ['once they are read, where no other process is there', { isAlone: true }, false, 'known'],
    ['a second later, where others may be', {}, false, 'a second'],
    ['a second later, where they can not be read', { isAlone: true }, true, 'a second'],
  ] as const)('are known everywhere %s', async (_when, more, isSilent, expected) => {
    const store = new Store();
    const { keys } = follow(store, more);
    await keys.start();
    await store.append('org_1', [created('key_1')]);
    store.isSilent = isSilent;
    const known = keys.untilKnownEverywhere().then(() => 'known');
    expect(await Promise.race([known, sleep(apiKeyFreshMs, 'a second')])).toBe(expected);
    await known;
    expect(keys.find('key_1') !== undefined).toBe(!isSilent);
  });

  it('count as read when the read began, not when it was answered', async () => {
    const store = new Store();
    const { keys, pass } = follow(store);
    await keys.start();
    const { readAfter } = store;
    store.readAfter = async (...args) => {
      const found = await readAfter(...args);
      pass(700);
      return found;
    };
    await keys.refresh();
    expect(keys.ageMs('org_1')).toBeGreaterThanOrEqual(700);
  });

  it('of one organization whose events do not hold stop that one alone, until they do', async () => {
    const store = new Store();
    await store.append('org_1', [created('key_1')]);
    await store.append('org_2', [created('key_2')]);
    const { keys, pass } = follow(store);
    await keys.start();
    await store.append('org_1', [created('key_3')], true);
    await store.append('org_2', [created('key_4')]);
    await keys.refresh();
    pass(apiKeyFreshMs + 1);
    await keys.refresh();
    expect(keys.doubt('org_1')).toMatch(/does not follow the event before it/);
    expect(keys.problem()).toMatch(/org_1/);
    expect([keys.doubt('org_2'), keys.find('key_4')]).toEqual([undefined, expect.anything()]);
    expect(keys.find('key_3')).toBeUndefined();
    store.inner = new MemoryEventStore();
    store['ends'].clear();
    await store.append('org_1', [created('key_1'), created('key_3')]);
    pass(reloadMs + 1);
    await keys.refresh();
    expect([keys.doubt('org_1'), keys.problem()]).toEqual([undefined, undefined]);
    expect(keys.find('key_3')).toBeDefined();
  });

  it('are read from the beginning when the store is another one, and are old until then', async () => {
    const store = new Store();
    await store.append('org_1', [created('key_1')]);
    const { keys, pass } = follow(store);
    await keys.start();
    store.isReplaced = true;
    store.inner = new MemoryEventStore();
    store['ends'].clear();
    await store.append('org_1', [created('key_9')]);
    pass(apiKeyFreshMs + 1);
    expect(await keys.refresh()).toBe(false);
    expect(keys.doubt('org_1')).toBeDefined();
    expect(await keys.refresh()).toBe(true);
    expect([keys.find('key_1'), keys.find('key_9')]).toEqual([undefined, expect.anything()]);
  });

  describe('that are not kept in memory', () => {
    const recorded = {
      keyId: 'key_1',
      organizationId: 'org_1',
      environment: 'live' as const,
      hmac: 'hmac-key_1',
      scopes: ['ledger:read'],
    };
    const readModels = () => {
      const state = { reached: 0, revokedAt: null as string | null };
      return {
        state,
        apiKeyCredentials: (keyId: string) =>
          Promise.resolve(keyId === 'key_1' ? { ...recorded, revokedAt: state.revokedAt } : null),
        waitFor: (_organizationId: string, wanted: number) => Promise.resolve(state.reached >= wanted),
      };
    };

    it('are recalled from read models that have reached what is known', async () => {
      const store = new Store();
      await store.append('org_1', ['key_1', 'key_2', 'key_3', 'key_4'].map(created));
      const older = readModels();
      const { keys } = follow(store, { older, keysMax: 2 });
      await keys.start();
      expect(keys.find('key_1')).toBeUndefined();
      await expect(keys.recall('key_1')).rejects.toMatchObject({ name: 'ReadModelBehind' });
      older.state.reached = 3;
      expect(await keys.recall('key_9')).toBeUndefined();
      const recalled = await keys.recall('key_1');
      expect(recalled).toEqual(recorded);
      expect(keys.find('key_1')).toBe(recalled);
    });

    it('are not recalled once they are known to be revoked', async () => {
      const store = new Store();
      await store.append('org_1', ['key_1', 'key_2', 'key_3', 'key_4'].map(created));
      const older = readModels();
      older.state.reached = 9;
      const { keys } = follow(store, { older, keysMax: 2 });
      await keys.start();
      await store.append('org_1', [revoked('key_1')]);
      await keys.refresh();
      expect(await keys.recall('key_1')).toBeUndefined();
      older.state.revokedAt = at;
      expect(await keys.recall('key_1')).toBeUndefined();
    });

    it('are asked for only then, or before anything could be read', async () => {
      const store = new Store();
      store.isSilent = true;
      const older = readModels();
      const { keys } = follow(store, { older });
      await keys.start();
      expect(await keys.recall('key_1')).toEqual(recorded);
      expect(keys.doubt('org_1')).toBeDefined();
      store.isSilent = false;
      await keys.refresh();
      expect(await keys.recall('key_1')).toBeUndefined();
    });
  });
});
