import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type { Clocks, DueRan, OwnClock } from '@fintech-ledger/journal';
import type { CallFacts } from '../../../testing/carrier/carrier-events';
import type { CarrierCommand } from '../../../testing/carrier/carrier-part';
import { joinedLedger } from '../../../testing/postage/joined-ledger';

const stream = 'journal-led_1';
const noon = Date.parse('2026-01-05T12:00:00.000Z');
const later = Date.parse('2031-01-01T00:00:00.000Z');
const minuteMs = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const memory = () => ({ eventStore: new MemoryEventStore(), checkpoints: new MemoryCheckpointStore() });
type Stores = ReturnType<typeof memory>;

/** A writer of a sandbox's ledger whose calls are never answered: each makes the next one due. */
async function start(stores: Stores, clock: { own: OwnClock | 'real' | undefined }) {
  const clocks: Clocks = { clockOf: () => clock.own, moved: () => new Map() };
  const writer = new JournalWriter(
    stream,
    {
      domain: joinedLedger,
      ...stores,
      clock: { nowMs: () => noon },
      clocks,
      effects: { run: () => Promise.resolve(undefined) },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 100 },
  );
  await writer.load();
  const envelope = { stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'r' };
  const handOver = (parcelId: string) => {
    const command: CarrierCommand = { type: 'HandOver', parcelId, currency: 'USD' };
    return writer.submit({ ...envelope, command });
  };
  const run = async (untilMs: number, recordsMax = 100): Promise<DueRan> => {
    const command: CarrierCommand = { type: 'AskCarrier', parcelIds: [] };
    const due = { until: iso(untilMs), recordsMax, saves: recordsMax === 0 };
    const outcome = await writer.submit({ ...envelope, command, due });
    if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
    return JSON.parse(outcome.answer) as DueRan;
  };
  return { writer, handOver, run };
}

async function eventsIn({ eventStore }: Stores) {
  const events = await eventStore.readStream(stream, { limit: 1_000 });
  return events.map(({ data, metadata }) => ({
    call: (JSON.parse(data) as { call: CallFacts }).call,
    times: JSON.parse(metadata) as { decidedAt?: string; effectiveAt: string; recordedAt: string },
  }));
}

describe('a writer of a ledger in a sandbox', () => {
  it('decides by the clock of the sandbox, and records in real time', async () => {
    const stores = memory();
    const clock = { own: { frozenAtMs: later } as OwnClock | 'real' };
    const { handOver } = await start(stores, clock);
    await handOver('p1');
    clock.own = { aheadMs: later + minuteMs - noon };
    await handOver('p2');
    const [one, two] = await eventsIn(stores);
    expect(one?.times).toMatchObject({
      decidedAt: iso(later),
      effectiveAt: iso(later),
      recordedAt: iso(noon),
    });
    expect(one?.call.askAt).toBe(iso(later + 30_000));
    expect(two?.times).toMatchObject({ decidedAt: iso(later + minuteMs), recordedAt: iso(noon) });
  });

  it('has one time where the organization is live', async () => {
    const stores = memory();
    const { handOver } = await start(stores, { own: 'real' });
    await handOver('p1');
    const [event] = await eventsIn(stores);
    expect(event?.times).toMatchObject({ effectiveAt: iso(noon), recordedAt: iso(noon) });
    expect(event?.times).not.toHaveProperty('decidedAt');
  });

  it('acts on what falls due on the way at its own time, and on what that makes due', async () => {
    const stores = memory();
    const { handOver, run } = await start(stores, { own: { frozenAtMs: later } });
    await handOver('p1');
    const first = iso(later + 30_000);
    expect(await run(later, 0)).toEqual({ ran: 0, nextAt: first, hadEffects: false });
    expect(await run(later + 29_999)).toMatchObject({ ran: 0, nextAt: first });
    let ran: DueRan = { ran: 0, nextAt: first, hadEffects: false };
    // Each call may have made something due elsewhere, so it stops after each.
    while (ran.nextAt !== null && ran.nextAt <= iso(later + 10 * minuteMs)) {
      ran = await run(later + 10 * minuteMs);
      expect(ran).toMatchObject({ ran: 1, hadEffects: true });
    }
    const events = await eventsIn(stores);
    expect(events.length).toBeGreaterThan(3);
    const asked = events.slice(0, -1).map(({ call }) => call.askAt);
    expect(events.slice(1).map(({ times }) => times.decidedAt)).toEqual(asked);
    expect(events.map(({ times }) => times.recordedAt)).toEqual(events.map(() => iso(noon)));
    expect(ran.nextAt).toBe(events.at(-1)?.call.askAt);
  });

  it('never goes back in a stream, whatever the next writer believes', async () => {
    const stores = memory();
    const before = await start(stores, { own: { frozenAtMs: later } });
    await before.handOver('p1');
    await before.writer.close();
    const after = await start(stores, { own: { frozenAtMs: later - minuteMs } });
    await after.handOver('p2');
    expect((await eventsIn(stores)).map(({ times }) => times.decidedAt)).toEqual([iso(later), iso(later)]);
  });

  it('decides nothing, and acts on nothing, while the time of the sandbox is not known', async () => {
    const stores = memory();
    const clock: { own: OwnClock | undefined } = { own: { frozenAtMs: later } };
    const { handOver, run } = await start(stores, clock);
    await handOver('p1');
    clock.own = undefined;
    await expect(handOver('p2')).rejects.toThrow('what time it is in the sandbox');
    await expect(run(later + minuteMs)).rejects.toThrow('what time it is in the sandbox');
    clock.own = { frozenAtMs: later + minuteMs };
    await run(later + minuteMs);
    expect((await eventsIn(stores)).length).toBeGreaterThan(1);
  });
});
