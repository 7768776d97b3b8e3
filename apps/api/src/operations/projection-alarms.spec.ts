import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import type { UnbalancedLedger } from '@fintech-ledger/ledger';
import { Alarms } from '@fintech-ledger/health';
import { projectionAlarms } from './projection-alarms';

const accounts: ProjectionView = {
  object: 'projection',
  name: 'accounts',
  version: 1,
  position: null,
  lag: { events: 3, seconds: 1 },
  no_progress_seconds: 0,
  state: 'running',
  last_error: null,
  halted_streams_count: 0,
  halted_streams: [],
};

function watched() {
  const alarms = new Alarms();
  const world = {
    nowMs: 0,
    projections: [accounts] as readonly ProjectionView[],
    unbalanced: [] as readonly UnbalancedLedger[],
  };
  const queries = {
    projections: () => Promise.resolve(world.projections),
    unbalancedLedgers: () => Promise.resolve(world.unbalanced),
    transit: () => Promise.resolve({ openCount: 0, oldestOpenMs: 0, differences: [] }),
  };
  const look = projectionAlarms(queries, alarms, 60, () => world.nowMs);
  const reasons = async (...projections: readonly Partial<ProjectionView>[]) => {
    world.projections = projections.map((given) => ({ ...accounts, ...given }));
    await look();
    return alarms.list().map(({ reason }) => reason);
  };
  return { world, reasons };
}

describe('projectionAlarms', () => {
  it('tell of a halted read model until it runs again', async () => {
    const { reasons } = watched();
    const halted = { state: 'halted', last_error: 'a gap after 7' } as const;
    expect(await reasons(halted, { name: 'entries' })).toEqual(['accounts halted: a gap after 7']);
    expect(await reasons(accounts, { name: 'entries' })).toEqual([]);
  });

  it('tell of streams that are halted while the read model goes on', async () => {
    const { reasons } = watched();
    const stream = { stream: 'journal-led_1', revision: 7, reason: 'a gap after 6' };
    const more = { id: 'prk_1', advice: 'Look.' };
    const halted_streams = [{ ...stream, ...more, since: '', attempts: 1, retry_at: '' }];
    expect(await reasons({ halted_streams_count: 3, halted_streams })).toEqual([
      'accounts has 3 streams that are halted, journal-led_1 first: a gap after 6. Look.',
    ]);
    expect(await reasons(accounts)).toEqual([]);
  });

  it('tell of a read model that is behind and does not get on, and not of one that is only behind', async () => {
    const { reasons } = watched();
    const behind = { lag: { events: 7, seconds: 4_000 } };
    expect(await reasons({ ...behind, no_progress_seconds: 59 })).toEqual([]);
    expect(await reasons({ ...behind, no_progress_seconds: 61 })).toEqual([
      expect.stringMatching(/^accounts is 7 events behind and has applied none for 61 s: see the log/),
    ]);
    expect(await reasons({ ...behind, no_progress_seconds: 0.5 })).toEqual([]);
  });

  it('tell of a ledger that does not balance', async () => {
    const { world, reasons } = watched();
    world.unbalanced = [{ ledgerId: 'led_1', currency: 'USD', posted: '1', pending: '0' }];
    const [reason] = await reasons(accounts);
    expect(reason).toMatch(/^The accounts of led_1 in USD differ by 1 posted and 0 pending: rows of read/);
    world.unbalanced = [];
    expect(await reasons(accounts)).toEqual([]);
  });

  it('tell of one that fails at its start, and of one that nobody projects, but not of a start', async () => {
    const { world, reasons } = watched();
    expect(await reasons({ state: 'starting' })).toEqual([]);
    expect(await reasons({ state: 'starting', last_error: 'the position is unknown' })).toEqual([
      'accounts does not go on: the position is unknown',
    ]);
    expect(await reasons({ state: 'starting' })).toEqual([]);
    world.nowMs = 15_000;
    expect(await reasons({ state: 'starting' })).toEqual(['accounts is brought up to date by no process.']);
    expect(await reasons({ state: 'starting', lag: { events: 0, seconds: 0 } })).toEqual([]);
  });
});
