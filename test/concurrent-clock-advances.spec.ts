import { ClockAdvancer } from '@fintech-ledger/access';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type {
  CommandEnvelope,
  DueRan,
  EffectRunner,
  EffectWorld,
  IntendedEffect,
  OwnClock,
} from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { setTimeout as sleep } from 'node:timers/promises';

const organizationId = 'org_1';
const startMs = Date.parse('2031-01-01T00:00:00.000Z');
const minute = (n: number): string => new Date(startMs + n * 60_000).toISOString();
const [ledgers, holdsOfEach] = [3, 5];
const to = minute(100);

type Writer = JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>;

/** The writers of a sandbox whose ledgers have a hold each minute, in turns. */
async function sandbox() {
  const store = new MemoryEventStore();
  const clock: { own: OwnClock } = { own: { frozenAtMs: startMs } };
  const expired: string[] = [];
  /** Before what a stream appends is stored; may be set at any time. */
  const storing: { wait?: (stream: string) => Promise<unknown> } = {};
  const slow: EventStore = Object.assign(Object.create(store) as MemoryEventStore, {
    append: async (...[stream, expected, events]: Parameters<EventStore['append']>) => {
      await storing.wait?.(stream);
      const result = await store.append(stream, expected, events);
      for (const { type, metadata } of events)
        if (type === 'HoldExpired')
          expired.push(String((JSON.parse(metadata) as { decidedAt?: string }).decidedAt));
      return result;
    },
  });
  const writers = new Map<string, Writer>();
  const org = `org-${organizationId}`;
  for (let n = 0; n < ledgers; n += 1) {
    const stream = `journal-led_${n}`;
    const writer: Writer = new JournalWriter(
      stream,
      {
        domain: ledgerDomain,
        eventStore: slow,
        checkpoints: new MemoryCheckpointStore(),
        clock: { nowMs: () => Date.now() },
        clocks: { clockOf: () => clock.own, moved: () => new Map([[organizationId, clock.own]]) },
        observer: silentObserver,
        newCommandId: () => crypto.randomUUID(),
      },
      { cacheRecords: 50, limits: {} },
    );
    await writer.load();
    writers.set(stream, writer);
    const send = (command: LedgerCommand) =>
      writer.submit({ stream, organizationId, actor: 'k', correlationId: 'r', command });
    for (const address of ['a', 'b'])
      await send({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' });
    for (let i = 0; i < holdsOfEach; i += 1)
      await send({
        type: 'PostTransaction',
        pending: true,
        expiresAt: minute(1 + n + i * ledgers),
        entries: [
          { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
          { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
        ],
      });
    const created = { type: 'LedgerCreated', data: JSON.stringify({ ledger: { id: `led_${n}` } }) };
    await store.append(org, n === 0 ? 'no_stream' : revision(n - 1), [
      { ...created, id: crypto.randomUUID(), metadata: '{}' },
    ]);
  }
  const world: EffectWorld = {
    gateway: {
      submit: (envelope) => {
        const writer = writers.get(envelope.stream);
        if (writer === undefined) throw new Error(`nobody writes ${envelope.stream}`);
        return writer.submit(envelope as CommandEnvelope<LedgerCommand>);
      },
    },
    eventStore: store,
    due: { dueOf: (streams) => Promise.resolve(streams.map((stream) => ({ stream, records: 0 }))) },
  };
  return {
    clock,
    expired,
    storing,
    writers,
    advancer: new ClockAdvancer(world),
  };
}

const attemptAt = (attempt: number): IntendedEffect => ({
  stream: `org-${organizationId}`,
  organizationId,
  module: 'access',
  kind: 'clock_advance',
  key: 'cad_1',
  attempt,
  data: { askAt: minute(0), at: minute(0), attempt, frozen: true, id: 'cad_1', ran: 0, to },
});
/** As often as a busy machine needs: one time is a part of an advance, which ends after so much time. */
async function go(advancer: EffectRunner, attempt: number): Promise<void> {
  for (;;) {
    const { state } = (await advancer.run(attemptAt(attempt), new AbortController().signal)) as {
      readonly state?: string;
    };
    if (state === 'done') return;
    expect(state).toBe('under_way');
  }
}

const minutes = Array.from({ length: ledgers * holdsOfEach }, (_, i) => minute(i + 1));

describe('what falls due in several ledgers of a sandbox', () => {
  it('is run in order and once, when several attempts at an advance go on at once', async () => {
    const { advancer, expired, storing } = await sandbox();
    let appends = 0;
    // Never the same one is the slow one.
    storing.wait = () => sleep((appends += 1) % 3 === 0 ? 20 : 0);
    await Promise.all([
      go(advancer, 1),
      go(advancer, 2),
      sleep(15).then(() => go(advancer, 3)),
      sleep(50).then(() => go(advancer, 4)),
    ]);
    expect(expired).toEqual(minutes);
  });

  it('waits for what a writer is about to store, whoever had it begun', async () => {
    const { advancer, clock, expired, storing, writers } = await sandbox();
    let store: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      storing.wait = (stream) => {
        if (stream !== 'journal-led_0') return Promise.resolve();
        resolve();
        return new Promise<void>((stored) => (store = stored));
      };
    });
    const first = writers.get('journal-led_0') as Writer;
    const ask = async (): Promise<DueRan> => {
      const due = { until: to, recordsMax: 0 };
      const command = { type: 'RunDue' } as unknown as LedgerCommand;
      const envelope = { organizationId, actor: 'system', correlationId: 'r', command, due };
      const outcome = await first.submit({ ...envelope, stream: 'journal-led_0' });
      if (outcome.kind !== 'accepted') throw new Error(outcome.refusal.code);
      return JSON.parse(outcome.answer) as DueRan;
    };
    // The first hold falls due by the clock alone, as after a restart.
    clock.own = { frozenAtMs: startMs + 60_000 };
    await begun;
    expect((await ask()).nextAt).toBe(minute(1));
    const attempt = go(advancer, 2);
    // What would go past it does so in far less.
    await sleep(100);
    expect(expired).toEqual([]);
    delete storing.wait;
    store?.();
    await attempt;
    expect(expired).toEqual(minutes);
  });
});
