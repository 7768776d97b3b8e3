import type { Sql } from '@fintech-ledger/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { noHead } from './chain-head';
import { Rereader } from './rereader';
import type { Rereadable } from './rereader';
import { SuspendedStreams } from './suspended-streams';

const halted = {
  id: 'prk_1',
  projection: 'accounts',
  stream: 'journal-led_1',
  revision: '3',
  reason: 'event 3 was changed',
  since: new Date(0),
  attempts: 1,
  retry_at: new Date(0),
  is_due: true,
};

describe('Rereader', () => {
  it('says that a halt is over when nobody keeps those rows up to date any more', async () => {
    const member: Rereadable = {
      name: 'accounts',
      suspended: new SuspendedStreams(),
      suspend: (stream, revision) => member.suspended.add(stream, revision),
      resume: (stream) => member.suspended.delete(stream),
      reached: () => Promise.resolve(2),
      reread: () => Promise.resolve({ head: noHead, cause: new Error('it is still changed') }),
    };
    const world = { members: [member] as readonly Rereadable[] };
    const told: string[] = [];
    const db: Pick<Sql, 'query'> = {
      query: <R extends object>(_text: string, _values?: unknown, name?: string) => {
        const rows = name === 'select-halted-streams' && world.members.length > 0 ? [halted] : [];
        return Promise.resolve({ rows: rows as unknown as R[], rowCount: rows.length });
      },
    };
    const rereader = new Rereader({
      db: db as Sql,
      get members() {
        return world.members;
      },
      observer: {
        halted: ({ projection, stream }) => told.push(`halted ${projection} ${stream ?? ''}`),
        forgotten: ({ projection, stream }) => told.push(`forgotten ${projection} ${stream}`),
      },
      owns: () => true,
      isUnsaved: () => false,
    });
    await rereader.start();
    for (let n = 0; told.length === 0 && n < 200; n += 1) await delay(10);
    // A rebuild has replaced the side.
    world.members = [];
    for (let n = 0; told.length === 1 && n < 400; n += 1) await delay(10);
    await rereader.stop();
    expect(told).toEqual(['halted accounts journal-led_1', 'forgotten accounts journal-led_1']);
  });
});
