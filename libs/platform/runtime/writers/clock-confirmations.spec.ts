import { GuardedClock } from '@fintech-ledger/journal';
import type { Database } from '@fintech-ledger/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresClockWitness } from './clock-confirmations';

const container = '203.0.113.7';

/** What a clock says of a jump that the database's shares, when the database is reached at this address. */
async function afterSharedJump(address: string | null, isIndependent: boolean, jumpMs: number) {
  let jumped = 0;
  const wallMs = () => Date.now() + jumped;
  // Only the answer counts here: no database of a test has the address of another machine.
  const row = () => ({ time_ms: String(wallMs()), address, confirmations: '0', confirmed_until_ms: '0' });
  const database = { query: () => Promise.resolve({ rows: [row()] }) } as unknown as Database;
  const clock = new GuardedClock({
    witness: new PostgresClockWitness(database, isIndependent),
    onDoubt: () => undefined,
    wallMs,
    limits: { lookMs: 5 },
  });
  await clock.start();
  jumped = jumpMs;
  clock.nowMs();
  while (clock.doubt()?.includes('looked into') === true) await sleep(5);
  clock.stop();
  return clock.doubt();
}

describe('a jump that the clock of the database shares', () => {
  const hours = 2 * 3_600_000;

  it.each([
    ['in another container, unless it is said to be independent', container, false],
    ['behind a socket', null, true],
    ['on this machine, whatever is said of it', '127.0.0.1', true],
  ])('waits for an operator where the database is %s', async (_where, address, isIndependent) => {
    expect(await afterSharedJump(address, isIndependent, hours)).toContain('ledgerctl clock confirm');
    expect(await afterSharedJump(address, isIndependent, -hours)).toContain('ledgerctl clock confirm');
    expect(await afterSharedJump(address, isIndependent, hours / 4)).toBeUndefined();
  });

  it.each([hours, -hours])(
    'is believed where its clock is independent: this machine was suspended',
    async (jumpMs) => {
      expect(await afterSharedJump(container, true, jumpMs)).toBeUndefined();
    },
  );
});
