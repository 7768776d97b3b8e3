import { apiKeyHmac, apiKeysUnder } from '@fintech-ledger/access';
import { FakeKeys, issueKey, pepper } from '../../../../test/support/api-fakes';
import { apiKeyFreshMs } from '../limits';
import type { ApiKeyCredentials } from './api-key-directory';
import { Authenticator } from './authenticator';

const key = issueKey(['ledger:read'], 1);
const { keyId } = key.credentials;
const readsMs = 60_000;
const invalid = { code: 'unauthenticated', status: 401 };
const unknown = { code: 'unavailable', status: 503 };

function authenticator(inForce = [key.credentials], under = pepper) {
  const directory = new FakeKeys(inForce);
  return { directory, keys: new Authenticator(directory, apiKeysUnder(under), { readsMs }) };
}

describe('the authenticator', () => {
  it('remembers a key that it has verified', async () => {
    const { directory, keys } = authenticator();
    expect(keys.recall(key.token, 'change')).toBeUndefined();
    const principal = await keys.authenticate(key.token, 'change');
    expect(principal).toEqual({
      organizationId: 'org_1',
      environment: 'operator',
      apiKeyId: keyId,
      scopes: ['ledger:read'],
      allowed: new Set(['ledger:read']),
    });
    expect(keys.recall(key.token, 'change')).toBe(principal);
    expect(directory.refreshes).toBe(0);
  });

  it('asks nobody about what is no key', async () => {
    const { directory, keys } = authenticator();
    await expect(keys.authenticate('sk_nonsense', 'read')).rejects.toMatchObject(invalid);
    expect(directory.refreshes).toBe(0);
  });

  it('refuses a key whose secret is another', async () => {
    const { keys } = authenticator([key.credentials], 'other pepper');
    await expect(keys.authenticate(key.token, 'read')).rejects.toMatchObject(invalid);
  });

  it('refuses a key as soon as it is known to be revoked, whatever it has verified before', async () => {
    const { directory, keys } = authenticator();
    const principal = await keys.authenticate(key.token, 'change');
    expect(keys.mayGoOn(principal)).toBe(true);
    directory.revoked.add(keyId);
    expect(keys.recall(key.token, 'read')).toBeUndefined();
    expect(keys.mayGoOn(principal)).toBe(false);
    for (const use of ['change', 'read'] as const)
      await expect(keys.authenticate(key.token, use)).rejects.toMatchObject(invalid);
  });

  it('looks for a key that it does not know, which may have been made a moment ago', async () => {
    const { directory, keys } = authenticator([]);
    await expect(keys.authenticate(key.token, 'change')).rejects.toMatchObject(invalid);
    directory.onRefresh = () => directory.inForce.push(key.credentials) > 0;
    await expect(keys.authenticate(key.token, 'change')).resolves.toMatchObject({ apiKeyId: keyId });
  });

  it('does not call a key invalid that it can not look for', async () => {
    const { directory, keys } = authenticator([]);
    directory.onRefresh = () => false;
    for (const use of ['change', 'read'] as const)
      await expect(keys.authenticate(key.token, use)).rejects.toMatchObject(unknown);
    directory.recall = () => Promise.resolve(key.credentials);
    await expect(keys.authenticate(key.token, 'read')).resolves.toMatchObject({ apiKeyId: keyId });
  });

  it('lets no change in by what was known a second ago, unless it is known again', async () => {
    const { directory, keys } = authenticator();
    await keys.authenticate(key.token, 'change');
    directory.age = apiKeyFreshMs;
    expect(keys.recall(key.token, 'change')).toBeDefined();
    directory.age += 1;
    expect(keys.recall(key.token, 'change')).toBeUndefined();
    directory.onRefresh = () => false;
    await expect(keys.authenticate(key.token, 'change')).rejects.toMatchObject(unknown);
    directory.onRefresh = () => (directory.age = 0) === 0;
    await expect(keys.authenticate(key.token, 'change')).resolves.toBeDefined();
    directory.age = apiKeyFreshMs + 1;
    directory.onRefresh = () => directory.revoked.add(keyId).size > 0;
    await expect(keys.authenticate(key.token, 'change')).rejects.toMatchObject(invalid);
  });

  it('lets queries go on by what was known, for as long as it was told', async () => {
    const { directory, keys } = authenticator();
    directory.onRefresh = () => false;
    directory.age = readsMs;
    const principal = await keys.authenticate(key.token, 'read');
    expect(keys.mayGoOn(principal)).toBe(true);
    directory.age += 1;
    expect(keys.mayGoOn(principal)).toBe(false);
    await expect(keys.authenticate(key.token, 'read')).rejects.toMatchObject(unknown);
  });

  it('confirms a key that was let in before a change, unless it is revoked by now, or that can not be known', async () => {
    const { directory, keys } = authenticator();
    const principal = await keys.authenticate(key.token, 'change');
    await keys.confirm(principal);
    expect(directory.refreshes).toBe(0);
    directory.age = apiKeyFreshMs + 1;
    directory.onRefresh = () => false;
    await expect(keys.confirm(principal)).rejects.toMatchObject(unknown);
    directory.onRefresh = () => (directory.age = 0) === 0;
    await keys.confirm(principal);
    directory.age = apiKeyFreshMs + 1;
    directory.onRefresh = () => directory.revoked.add(keyId).size > 0;
    await expect(keys.confirm(principal)).rejects.toMatchObject(invalid);
  });

  it('refuses a key exactly from when it expires on, whatever it has verified before', async () => {
    jest.useFakeTimers({ now: 1_000 });
    const { directory, keys } = authenticator([{ ...key.credentials, expiresMs: 2_000 }]);
    const principal = await keys.authenticate(key.token, 'change');
    jest.setSystemTime(1_999);
    expect(keys.recall(key.token, 'change')).toBe(principal);
    expect(keys.mayGoOn(principal)).toBe(true);
    await keys.confirm(principal);
    jest.setSystemTime(2_000);
    expect(keys.recall(key.token, 'change')).toBeUndefined();
    expect(keys.mayGoOn(principal)).toBe(false);
    const expired = { ...invalid, message: 'The API key has expired.' };
    await expect(keys.confirm(principal)).rejects.toMatchObject(expired);
    await expect(keys.authenticate(key.token, 'read')).rejects.toMatchObject(expired);
    // Of who does not have the secret it is not said.
    directory.inForce[0] = { ...key.credentials, hmac: '00'.repeat(32), expiresMs: 2_000 };
    await expect(keys.authenticate(key.token, 'read')).rejects.toMatchObject({
      ...invalid,
      message: 'The API key is not valid.',
    });
    jest.useRealTimers();
  });

  describe('of a key that has another secret', () => {
    const newer = issueKey(['ledger:read'], 2);
    const token = newer.token;
    const older = [{ generation: 1, hmac: key.credentials.hmac, untilMs: 2_000 }];
    const rotated = { ...key.credentials, hmac: apiKeyHmac(pepper, token), generation: 2, older };
    // Both are said to be of the same key, as secrets of one are.
    const rotating = (inForce = rotated as ApiKeyCredentials) => {
      const directory = new FakeKeys([inForce]);
      const format = { ...apiKeysUnder(pepper), idOf: () => keyId };
      return { directory, keys: new Authenticator(directory, format, { readsMs }) };
    };
    beforeEach(() => jest.useFakeTimers({ now: 1_000 }));
    afterEach(() => jest.useRealTimers());

    it('takes the one before until its time is over, and says which one it was', async () => {
      const { keys } = rotating();
      expect(await keys.authenticate(token, 'change')).toMatchObject({ secret: 2 });
      const principal = await keys.authenticate(key.token, 'change');
      expect(principal).toMatchObject({ secret: 1 });
      jest.setSystemTime(2_000);
      expect(keys.recall(key.token, 'read')).toBeUndefined();
      expect(keys.mayGoOn(principal)).toBe(false);
      await expect(keys.authenticate(key.token, 'read')).rejects.toMatchObject(invalid);
      expect(keys.recall(token, 'change')).toMatchObject({ secret: 2 });
    });

    it('looks for a secret that it does not know, which may have been made a moment ago', async () => {
      const { directory, keys } = rotating(key.credentials);
      directory.onRefresh = () => (directory.inForce[0] = rotated) === rotated;
      await expect(keys.authenticate(token, 'change')).resolves.toMatchObject({ secret: 2 });
      expect(directory.refreshes).toBe(1);
    });

    it('does not call a secret invalid that it can not look for', async () => {
      const { directory, keys } = rotating(key.credentials);
      directory.onRefresh = () => false;
      await expect(keys.authenticate(token, 'read')).rejects.toMatchObject(unknown);
      directory.onRefresh = () => true;
      await expect(keys.authenticate(token, 'read')).rejects.toMatchObject(invalid);
    });

    it('looks once for what is no secret of it, until something changes about the key', async () => {
      const { directory, keys } = rotating(key.credentials);
      for (let sent = 0; sent < 3; sent += 1)
        await expect(keys.authenticate(token, 'read')).rejects.toMatchObject(invalid);
      expect(directory.refreshes).toBe(1);
      directory.inForce[0] = rotated;
      await expect(keys.authenticate(token, 'read')).resolves.toMatchObject({ secret: 2 });
    });

    it('ends what the one before has begun, once that is known to be replaced', async () => {
      const { directory, keys } = rotating();
      const before = await keys.authenticate(key.token, 'change');
      const newest = await keys.authenticate(token, 'change');
      directory.ends.set(`${keyId}/1`, 'replaced');
      expect([keys.mayGoOn(before), keys.mayGoOn(newest)]).toEqual([false, true]);
      await expect(keys.confirm(before)).rejects.toMatchObject(invalid);
      await keys.confirm(newest);
    });
  });
});
