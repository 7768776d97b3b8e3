import type { Rebuild } from './rebuild-rows';
import { rebuildView } from './rebuild-view';

const rebuild: Rebuild = {
  ...{
    id: 'rbd_1',
    projection: 'accounts',
    ledger: null,
    version: 1,
    oldVersion: 1,
    side: 'b',
    because: 'key_1',
  },
  ...{ state: 'filling', autoSwap: false, position: '9', done: 40, total: 100, eventsPerSecond: 20 },
  ...{ verification: null, problem: null, keptUntil: null, unusedSince: null },
  ...{ createdAt: new Date(0), updatedAt: new Date(0) },
};

describe('how far a rebuild is', () => {
  it('is what is done of all while it fills', () => {
    expect(rebuildView(rebuild)).toMatchObject({ done: 40, total: 100, eta_seconds: 3 });
    expect(rebuildView({ ...rebuild, ledger: 'led_1', total: null })).toMatchObject({
      done: 40,
      total: null,
    });
  });

  it.each(['catching_up', 'verifying', 'ready', 'swapped', 'rolled_back', 'dropped'] as const)(
    'is all of them once it is filled: %s',
    (state) => {
      expect(rebuildView({ ...rebuild, state, done: 0 })).toMatchObject({
        done: 100,
        total: 100,
        eta_seconds: null,
      });
      const ofLedger = { ...rebuild, state, ledger: 'led_1', done: 5, total: null };
      expect(rebuildView(ofLedger)).toMatchObject({ done: 5, total: 5 });
    },
  );

  it.each(['failed', 'cancelled'] as const)('is where it ended: %s', (state) => {
    expect(rebuildView({ ...rebuild, state })).toMatchObject({ done: 40, total: 100, eta_seconds: null });
  });
});
