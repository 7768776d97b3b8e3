import { fakeQueries, issueKey, pepper } from '../../../../test/support/api-fakes';
import { apiKeyGraceMs, apiKeyTrustMs } from '../limits';
import { Authenticator } from './authenticator';

const key = issueKey(['ledger:read'], 1);

function authenticator() {
  const { organizationQueries } = fakeQueries([key]);
  const state = { nowMs: 0, calls: 0, revokedAt: null as string | null, isAway: false };
  const organizations = {
    ...organizationQueries,
    apiKeyCredentials: async (keyId: string) => {
      state.calls += 1;
      if (state.isAway) throw new Error('away');
      const found = await organizationQueries.apiKeyCredentials(keyId);
      return found === null ? null : { ...found, revokedAt: state.revokedAt };
    },
  };
  return { state, keys: new Authenticator(organizations, pepper, () => state.nowMs) };
}

describe('the authenticator', () => {
  it('asks once for many requests, and remembers', async () => {
    const { state, keys } = authenticator();
    expect(keys.recall(key.token)).toBeUndefined();
    const all = await Promise.all([1, 2, 3].map(() => keys.authenticate(key.token)));
    expect(all[2]).toEqual({
      organizationId: 'org_1',
      apiKeyId: key.credentials.keyId,
      scopes: ['ledger:read'],
    });
    expect(state.calls).toBe(1);
    expect(keys.recall(key.token)).toBeDefined();
  });

  it('asks nobody about what is no key', async () => {
    const { state, keys } = authenticator();
    await expect(keys.authenticate('sk_nonsense')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(state.calls).toBe(0);
  });

  it('refuses a key whose secret is another', async () => {
    const { keys } = authenticator();
    const forged = new Authenticator(fakeQueries([key]).organizationQueries, 'other pepper');
    await expect(forged.authenticate(key.token)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(keys.authenticate(key.token)).resolves.toBeDefined();
  });

  it('takes a revocation to heart within its time, or at once where it was made', async () => {
    const { state, keys } = authenticator();
    await keys.authenticate(key.token);
    state.revokedAt = '2026-01-01T00:00:00.000Z';
    state.nowMs += apiKeyTrustMs;
    await expect(keys.authenticate(key.token)).rejects.toMatchObject({ status: 401 });
    state.revokedAt = null;
    await keys.authenticate(key.token);
    state.revokedAt = '2026-01-01T00:00:00.000Z';
    keys.forget(key.credentials.keyId);
    await expect(keys.authenticate(key.token)).rejects.toMatchObject({ status: 401 });
    expect(await keys.isGood(key.token)).toBe(false);
  });

  it('refreshes a busy key before it gets old', async () => {
    const { state, keys } = authenticator();
    await keys.authenticate(key.token);
    for (let i = 0; i < 10; i += 1) {
      state.nowMs += apiKeyTrustMs * 0.4;
      expect(keys.recall(key.token)).toBeDefined();
      await new Promise(setImmediate);
    }
    expect(state.calls).toBeGreaterThan(3);
  });

  it('goes on for a while when nobody can be asked', async () => {
    const { state, keys } = authenticator();
    await keys.authenticate(key.token);
    state.isAway = true;
    state.nowMs += apiKeyGraceMs;
    await expect(keys.authenticate(key.token)).resolves.toBeDefined();
    state.nowMs += 1;
    await expect(keys.authenticate(key.token)).rejects.toThrow('away');
  });
});
