import { formatApiKey, parseApiKey } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { createHmac, hash } from 'node:crypto';
import { AccessInMemory } from '../../../testing/access-in-memory';
import { ledgerAndAccess } from '../../../testing/modules';
import { derivedApiKeySecret } from '../api-keys/api-key-secret';
import { newApiKey } from '../api-keys/new-api-key';
import { FollowedApiKeys } from '../live-keys/followed-api-keys';
import { createFirstApiKey } from './create-first-api-key';
import type { FirstKeyContext, FirstKeyDraft } from './create-first-api-key';

const idOf = (token = ''): string => parseApiKey(token)?.apiKeyId ?? '';
const pepper = 'a pepper of at least 32 characters';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An installation: its event store, and what its database says of it. */
class Installation {
  readonly books = new AccessInMemory();
  readonly taken: { id?: string } = {};

  get store() {
    return this.books.store;
  }

  /** What one process has of it. */
  async process(more: Partial<FirstKeyContext> = {}): Promise<FirstKeyContext> {
    const silent = (): void => undefined;
    const keys = new FollowedApiKeys({
      log: this.store,
      decode: ledgerAndAccess.decode,
      logger: { info: silent, warn: silent, error: silent },
    });
    await keys.start();
    closers.push(
      () => this.books.close(),
      () => keys.close(),
    );
    const { taken } = this;
    const organizations: FirstKeyContext['organizations'] = {
      known: () => Promise.resolve(taken.id),
      take: (id) => Promise.resolve((taken.id ??= id)),
    };
    return { gateway: this.books, pepper, store: keys, organizations, ...more };
  }

  async ask(organizationId: string, command: object, more: object = {}): Promise<string> {
    const outcome = await this.books.ask(organizationId, command, more);
    if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
    return (JSON.parse(outcome.answer) as { id: string }).id;
  }

  /** As an earlier release began: everything follows from the pepper, and keys are hashed with the pepper itself. */
  async begunEarlier(idempotencyKey = 'first-api-key-1', under = pepper) {
    const organizationId = `org_${hash('sha256', `first-organization\n${under}`, 'hex').slice(0, 26).toUpperCase()}`;
    await this.ask(organizationId, { type: 'CreateOrganization', name: 'Default organization' });
    const secret = derivedApiKeySecret(under, organizationId, idempotencyKey);
    const { token, command } = newApiKey(under, secret, 'First key', ['*']);
    const hmac = createHmac('sha256', under).update(token).digest('hex');
    const requestHash = hash('sha256', idempotencyKey, 'hex');
    await this.ask(organizationId, { ...command, hmac }, { idempotencyKey, requestHash });
    return { organizationId, key: token, keyId: command.apiKeyId };
  }
}

/** A data folder. */
function folder(mayReplace = false) {
  const kept: string[] = [];
  const draft = (): FirstKeyDraft => ({
    mayReplace,
    prepared: kept.at(-1),
    prepare: (key) => Promise.resolve(void kept.push(key)),
  });
  return { kept, draft };
}

describe('the first API key', () => {
  it('and its organization are random: under one pepper, two installations have nothing in common', async () => {
    const both = [new Installation(), new Installation()];
    const keys = await Promise.all(both.map(async (each) => createFirstApiKey(await each.process())));
    const ids = both.map(({ taken }) => taken.id ?? '');
    expect(new Set([...keys, ...ids]).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^org_[0-9A-F]{26}$/);
    const computed = hash('sha256', `first-organization\n${pepper}`, 'hex').slice(0, 26).toUpperCase();
    expect(ids).not.toContain(`org_${computed}`);
    // Nor does a key follow from what is stored, and the pepper.
    for (const [index, id] of ids.entries()) {
      for (const idempotencyKey of ['first-api-key-1', '\u001ffirst-api-key-1', '\u001ffirst-api-key/1']) {
        const key = keys[index] ?? '';
        const secret = derivedApiKeySecret(pepper, id, idempotencyKey);
        expect(formatApiKey(idOf(key), secret)).not.toBe(key);
      }
    }
  });

  it('is shown by the start that makes it, and by no later one', async () => {
    const installation = new Installation();
    expect(await createFirstApiKey(await installation.process())).toMatch(/^sk_live_/);
    expect(await createFirstApiKey(await installation.process())).toBeUndefined();
  });

  it('is made once by processes that start at once', async () => {
    const installation = new Installation();
    const processes = await Promise.all([1, 2, 3].map(() => installation.process()));
    const keys = await Promise.all(processes.map((each) => createFirstApiKey(each)));
    expect(keys.filter((key) => key !== undefined)).toHaveLength(1);
    const [organization, key, ...rest] = await installation.store.readStream(
      organizationStream(installation.taken.id ?? ''),
      { limit: 9 },
    );
    expect([organization?.type, key?.type, rest]).toEqual(['OrganizationCreated', 'ApiKeyCreated', []]);
  });

  it('is found again by a start that was interrupted after it was made, and not made again once it is revoked', async () => {
    const installation = new Installation();
    const { kept, draft } = folder(true);
    const first = await createFirstApiKey(await installation.process(), draft());
    expect(await createFirstApiKey(await installation.process(), draft())).toBe(first);
    expect(kept).toEqual([first]);
    const apiKeyId = idOf(first);
    await installation.ask(installation.taken.id ?? '', { type: 'RevokeApiKey', apiKeyId });
    const second = await createFirstApiKey(await installation.process(), draft());
    expect(second).toMatch(/^sk_live_/);
    expect(second).not.toBe(first);
    expect(kept).toEqual([first, second]);
  });

  it('is replaced when it is lost only where it was kept', async () => {
    const installation = new Installation();
    const first = await createFirstApiKey(await installation.process());
    expect(await createFirstApiKey(await installation.process(), folder().draft())).toBeUndefined();
    const second = await createFirstApiKey(await installation.process(), folder(true).draft());
    expect([second, second === first]).toEqual([expect.stringMatching(/^sk_live_/), false]);
  });

  describe('of an earlier release', () => {
    it.each(['first-api-key-1', '\u001ffirst-api-key-1'])(
      'stays, as does its organization: %j',
      async (under) => {
        const installation = new Installation();
        const { organizationId, key } = await installation.begunEarlier(under);
        for (let start = 1; start <= 2; start += 1) {
          expect(await createFirstApiKey(await installation.process())).toBe(key);
          expect(installation.taken.id).toBe(organizationId);
        }
        expect(
          await installation.store.readStream(organizationStream(organizationId), { limit: 9 }),
        ).toHaveLength(2);
      },
    );

    it('is followed by a random one when it is revoked', async () => {
      const installation = new Installation();
      const { organizationId, key, keyId } = await installation.begunEarlier();
      await installation.ask(organizationId, { type: 'RevokeApiKey', apiKeyId: keyId });
      expect(await createFirstApiKey(await installation.process())).toBeUndefined();
      const next = await createFirstApiKey(await installation.process(), folder(true).draft());
      expect(next).toMatch(/^sk_live_/);
      const derived = derivedApiKeySecret(pepper, organizationId, 'first-api-key-2');
      expect([key, formatApiKey(idOf(next), derived)]).not.toContain(next);
    });

    it('is not shown when it was made with another pepper: it would not be let in', async () => {
      const installation = new Installation();
      const { organizationId } = await installation.begunEarlier('first-api-key-1', `${pepper}, another one`);
      expect(await createFirstApiKey(await installation.process())).toBeUndefined();
      expect(installation.taken.id).toBe(organizationId);
    });

    it('is not what a client made under the idempotency key of one', async () => {
      const installation = new Installation();
      const first = await createFirstApiKey(await installation.process());
      const organizationId = installation.taken.id ?? '';
      const { command, token } = newApiKey(pepper, new Uint8Array(32), 'burnt', ['*']);
      const idempotencyKey = 'first-api-key-2';
      await installation.ask(organizationId, command, { idempotencyKey, requestHash: 'ab' });
      await installation.ask(organizationId, {
        type: 'RevokeApiKey',
        apiKeyId: idOf(first),
      });
      const second = await createFirstApiKey(await installation.process(), folder(true).draft());
      expect([first, token, undefined]).not.toContain(second);
    });
  });

  it('waits while nobody can say whether there is an organization', async () => {
    const installation = new Installation();
    await installation.begunEarlier();
    const silent = {
      refresh: () => Promise.resolve(false),
      firstOrganization: () => undefined,
      find: () => undefined,
    };
    const context = await installation.process({ store: silent });
    await expect(createFirstApiKey(context)).rejects.toMatchObject({ name: 'WriterUnavailable' });
    expect(installation.taken).toEqual({});
    // Once it is known, the store is not asked.
    await createFirstApiKey(await installation.process());
    await createFirstApiKey(context);
  });
});
