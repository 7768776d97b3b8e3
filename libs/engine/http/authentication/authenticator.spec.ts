import { apiKeysUnder } from '@fintech-ledger/access';
import { AcknowledgedPositions } from '@fintech-ledger/projection-runtime';
import { fakeQueries, issueKey, pepper } from '../../../../test/support/api-fakes';
import { apiKeyGraceMs, apiKeyTrustMs } from '../limits';
import { Authenticator } from './authenticator';

const key = issueKey(['ledger:read'], 1);

const nothingOutstanding = () =>
  new AcknowledgedPositions(
    { hasReached: () => Promise.resolve(false), headOf: () => Promise.resolve(-1) },
    10,
  );

function authenticator() {
  const { organizationQueries } = fakeQueries([key]);
  const state = {
    nowMs: 0,
    calls: 0,
    revokedAt: null as string | null,
    isAway: false,
    isKnown: true,
    isReached: true,
    onWait: () => {},
  };
  const acknowledged = nothingOutstanding();
  const organizations = {
    ...organizationQueries,
    apiKeyCredentials: async (keyId: string) => {
      state.calls += 1;
      if (state.isAway) throw new Error('away');
      const found = await organizationQueries.apiKeyCredentials(keyId);
      return found === null || !state.isKnown ? null : { ...found, revokedAt: state.revokedAt };
    },
    waitFor: () => {
      state.onWait();
      return Promise.resolve(state.isReached);
    },
  };
  const keys = new Authenticator(organizations, apiKeysUnder(pepper), acknowledged, () => state.nowMs);
  return { state, keys, acknowledged };
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
      allowed: new Set(['ledger:read']),
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
    const forged = new Authenticator(
      fakeQueries([key]).organizationQueries,
      apiKeysUnder('other pepper'),
      nothingOutstanding(),
    );
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
    // The read models have not seen it.
    keys.revoked(key.credentials.keyId);
    await expect(keys.authenticate(key.token)).rejects.toMatchObject({ status: 401 });
    expect(await keys.isGood(key.token)).toBe(false);
  });

  it('waits for a key that was made here, rather than to call it unknown', async () => {
    const { state, keys, acknowledged } = authenticator();
    state.isKnown = false;
    acknowledged.note('org_1', 3);
    state.onWait = () => (state.isKnown = true);
    await expect(keys.authenticate(key.token)).resolves.toMatchObject({ organizationId: 'org_1' });
    expect(acknowledged.outstanding().size).toBe(0);
  });

  it('says that it is behind while it can not know of a key, and asks nobody to wait for a key that is known', async () => {
    const { state, keys, acknowledged } = authenticator();
    state.isReached = false;
    acknowledged.note('org_1', 3);
    state.isKnown = false;
    await expect(keys.authenticate(key.token)).rejects.toMatchObject({ name: 'ReadModelBehind' });
    state.isKnown = true;
    state.onWait = () => {
      throw new Error('nobody should wait');
    };
    await expect(keys.authenticate(key.token)).resolves.toBeDefined();
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
