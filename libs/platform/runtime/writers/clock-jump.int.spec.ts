import { PostgresEventStore } from '@fintech-ledger/event-store';
import { silentObserver, soleOwnership } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { confirmClock } from './clock-confirmations';
import { ledgerAndAccess } from '../../../testing/modules';
import { openWriters } from './open-writers';

jest.setTimeout(60_000);

/** Writers on a real database, whose clock is this machine's or, when only ours is moved, another one. */
it('a clock that jumps books nothing until an operator confirms it, and later ones are asked for the events that it dated', async () => {
  const testing = await testDatabase();
  const database = connect({ connectionString: testing.url, max: 6, statementTimeoutMs: 30_000 });
  const eventStore = new PostgresEventStore({ database });
  const doubts: (string | undefined)[] = [];
  const open = (wallMs: () => number, differenceMsMax: number) =>
    openWriters({
      modules: ledgerAndAccess,
      eventStore,
      database,
      cacheRecords: 100,
      secret: 'a-secret-of-the-installation',
      host: '127.0.0.1',
      observer: { ...silentObserver, clockDoubted: (reason) => doubts.push(reason) },
      ownership: () => ({ ...soleOwnership, close: () => Promise.resolve() }),
      clock: { wallMs, limits: { lookMs: 20, differenceMsMax } },
    });
  let number = 0;
  const submit = (writers: Awaited<ReturnType<typeof open>>) =>
    writers.gateway.submit({
      stream: 'journal-led_1',
      organizationId: 'org_1',
      actor: 'k',
      correlationId: randomUUID(),
      command: { type: 'OpenAccount', address: `a${(number += 1)}`, accountType: 'asset', currency: 'USD' },
    });
  let jumpMs = 0;
  // The database is taken to share the jump: only its address tells that it is on this machine.
  const writers = await open(() => Date.now() + jumpMs, Infinity);
  expect((await submit(writers)).kind).toBe('accepted');
  jumpMs = 2 * 3_600_000;
  await expect(submit(writers)).rejects.toThrow('the clock jumped');
  await expect(submit(writers)).rejects.toThrow(/clock/);
  expect(doubts[0]).toContain('jumped');
  await sleep(200);
  await confirmClock(database, 'key_1');
  while (doubts.at(-1) !== undefined) await sleep(20);
  expect((await submit(writers)).kind).toBe('accepted');
  await writers.close();

  // With a clock that is right the last event is two hours ahead: that is asked for once, and kept.
  const right = await open(() => Date.now(), 5_000);
  await expect(submit(right)).rejects.toThrow('ahead of the clock');
  await confirmClock(database, 'key_1');
  while (
    !(await submit(right).then(
      () => true,
      () => false,
    ))
  )
    await sleep(50);
  await right.close();
  const again = await open(() => Date.now(), 5_000);
  expect((await submit(again)).kind).toBe('accepted');
  await again.close();
  expect(await eventStore.readStream('journal-led_1', { limit: 10 })).toHaveLength(4);
  await eventStore.close();
  await database.close();
  await testing.drop();
});
