import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckpointBatch, SaveOutcome } from './checkpoint-store';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'journal-led_1';
const checkpointDirtyMax = 20;

/** Takes rows of a checkpoint only as they are allowed. */
class SlowCheckpointStore extends MemoryCheckpointStore {
  private allowed = 0;
  private wake = (): void => undefined;

  allow(rows: number): void {
    this.allowed += rows;
    this.wake();
  }

  override async save(of: string, batch: CheckpointBatch): Promise<SaveOutcome> {
    const records = [];
    for (const row of batch.records) {
      while (this.allowed <= 0) await new Promise<void>((resolve) => (this.wake = resolve));
      this.allowed -= 1;
      records.push(row);
    }
    return super.save(of, { ...batch, records });
  }
}

function setUp(checkpointStallMs: number) {
  const checkpoints = new SlowCheckpointStore();
  const writer = new JournalWriter(
    stream,
    {
      domain: ledgerDomain,
      eventStore: new MemoryEventStore(),
      checkpoints,
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 10, limits: { checkpointDirtyMax, checkpointStallMs, batchEventsMax: 5 } },
  );
  let opened = 0;
  const openAccounts = (count: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const outcome = await writer.submit({
          stream,
          organizationId: 'org_1',
          actor: 'key_1',
          correlationId: 'req_1',
          command: { type: 'OpenAccount', address: `a:${i}`, accountType: 'asset', currency: 'USD' },
        });
        expect(outcome.kind).toBe('accepted');
        opened += 1;
      }),
    );
  return { writer, checkpoints, openAccounts, opened: () => opened };
}

/** The count once it has come to `min` and does not grow any more. */
async function atRest(count: () => number, min: number): Promise<number> {
  for (let last = -1, looks = 0; ;) {
    await delay(10);
    looks = count() === last && last >= min ? looks + 1 : 0;
    last = count();
    if (looks === 20) return last;
  }
}

describe('commands while a checkpoint is written', () => {
  it('wait until it gets on, and none is refused', async () => {
    const { writer, checkpoints, openAccounts, opened } = setUp(60_000);
    await writer.load();
    const all = openAccounts(300);
    const held = await atRest(opened, 1);
    // What began the checkpoint, half as much again, and the batches that were open then.
    expect(held).toBeLessThan(80);
    checkpoints.allow(checkpointDirtyMax);
    expect(await atRest(opened, held + 1)).toBeLessThan(160);
    checkpoints.allow(1_000);
    await all;
    expect(opened()).toBe(300);
    await writer.close();
  });

  it('do not wait for one that has come to a stop', async () => {
    const { writer, checkpoints, openAccounts } = setUp(-1);
    await writer.load();
    await openAccounts(300);
    checkpoints.allow(1_000);
    await writer.close();
  });
});
