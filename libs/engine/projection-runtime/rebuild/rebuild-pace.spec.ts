import type { EventStore, GlobalPosition } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { RebuildPace } from './rebuild-pace';

describe('the pace of a rebuild', () => {
  const paceOf = (last: () => string): RebuildPace => {
    const store = { lastPosition: () => Promise.resolve(last() as GlobalPosition) };
    return new RebuildPace({} as Sql, store as unknown as EventStore, { id: 'rbd_1', ledger: null });
  };

  it('knows from its beginning whether somebody appends', async () => {
    let position = 0;
    expect(await paceOf(() => String((position += 1))).isQuiet()).toBe(false);
    expect(await paceOf(() => '7').isQuiet()).toBe(true);
  });

  it('sees that appends begin, and that they have ended', async () => {
    let position = 0;
    let step = 0;
    const pace = paceOf(() => String((position += step)));
    expect(await pace.isQuiet()).toBe(true);
    step = 1;
    expect(await pace.isQuiet()).toBe(false);
    step = 0;
    expect(await pace.isQuiet()).toBe(true);
  });
});
