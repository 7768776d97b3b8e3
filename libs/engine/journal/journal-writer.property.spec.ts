import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore, OutcomeUnknown } from '@fintech-ledger/event-store';
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from '@fintech-ledger/event-store';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import {
  accepted,
  allEvents,
  codeOf,
  expectCheckpointEqualsFold,
  fold,
  open,
  post,
  send,
  setUp,
  stream,
} from '../../testing/ledger/ledger-writer';

/** Loses replies and fails before writing, by a seeded coin. */
class UnreliableStore implements EventStore {
  private seed: number;
  constructor(
    private readonly inner: EventStore,
    seed: number,
  ) {
    this.seed = seed;
  }
  get limits(): EventStore['limits'] {
    return this.inner.limits;
  }
  async append(
    s: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const coin = this.coin();
    if (coin < 0.15) throw new OutcomeUnknown('lost before');
    const result = await this.inner.append(s, expected, events);
    if (coin < 0.3) throw new OutcomeUnknown('lost after');
    return result;
  }
  readStream: EventStore['readStream'] = (...args) => this.inner.readStream(...args);
  subscribe: EventStore['subscribe'] = (...args) => this.inner.subscribe(...args);
  countAfter: EventStore['countAfter'] = (...args) => this.inner.countAfter(...args);
  lastPosition: EventStore['lastPosition'] = () => this.inner.lastPosition();
  close: EventStore['close'] = () => this.inner.close();
  private coin(): number {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.seed / 2 ** 31;
  }
}

describe('the journal writer', () => {
  it('never loses an update between two writers that both believe to be the owner', async () => {
    const store = new MemoryEventStore();
    const checkpoints = new MemoryCheckpointStore();
    const limits = { conflictsMax: 1_000, checkpointDirtyMax: 5, groupCostMax: 30 };
    const a = setUp({ store, checkpoints, cacheRecords: 2, limits });
    const b = setUp({ store, checkpoints, cacheRecords: 2, limits });
    await Promise.all([a.writer.load(), b.writer.load()]);
    await send(a.writer, open('spent', '-100'));
    for (let i = 0; i < 10; i += 1) await send(i % 2 ? a.writer : b.writer, open(`to:${i}`));
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        send(i % 3 ? a.writer : b.writer, post('spent', `to:${i % 10}`, 1)),
      ),
    );
    expect([...a.stops, ...b.stops]).toEqual([]);
    expect(outcomes.map(codeOf).filter((code) => code === 'accepted')).toHaveLength(100);
    await Promise.all([a.writer.close(), b.writer.close()]);
    await a.checkpoints.drop(stream);
    const last = setUp({ store, checkpoints });
    await last.writer.load();
    await last.writer.checkpoint();
    await expectCheckpointEqualsFold(store, checkpoints);
  });

  it.each([1, 2, 3, 4, 5])(
    'books every acknowledged command once when replies are lost (seed %i)',
    async (seed) => {
      const memory = new MemoryEventStore();
      const { writer } = setUp({
        store: new UnreliableStore(memory, seed),
        limits: { appendPatienceMs: 5_000, checkpointDirtyMax: 7 },
      });
      await writer.load();
      await send(writer, open('a'));
      await send(writer, open('b'));
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          await new Promise((resolve) => setTimeout(resolve, i % 17));
          return send(writer, post('a', 'b', i + 1), { idempotencyKey: `k${i}`, requestHash: String(i) });
        }),
      );
      expect(outcomes.every((outcome) => codeOf(outcome) === 'accepted')).toBe(true);
      const events = await allEvents(memory);
      expect(events).toHaveLength(202);
      const amounts = events
        .slice(2)
        .map(({ data }) => (JSON.parse(data) as { entries: { amount: string }[] }).entries[0]?.amount);
      expect(new Set(amounts).size).toBe(200);
      await writer.close();
      await fold(memory);
    },
  );

  it.each([1, 2, 3])(
    'has the same state from checkpoint and tail as from the whole journal, with a tiny cache (seed %i)',
    async (seed) => {
      const store = new MemoryEventStore();
      const checkpoints = new MemoryCheckpointStore();
      let random = seed;
      const next = (n: number): number => {
        random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
        return random % n;
      };
      const ids: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        const { writer, stops } = setUp({
          store,
          checkpoints,
          cacheRecords: 4,
          limits: { checkpointDirtyMax: 10, cacheKeys: 4 },
        });
        await writer.load();
        if (round === 0)
          for (let i = 0; i < 20; i += 1) await send(writer, open(`acc:${i}`, i % 2 ? '-50' : null));
        const outcomes = await Promise.all(
          Array.from({ length: 60 }, () => {
            const [from, to] = [`acc:${next(20)}`, `acc:${next(20)}`];
            const transactionId = ids[next(ids.length + 1)] ?? 'txn_none';
            const commands: LedgerCommand[] = [
              post(from, to, next(20) + 1, { reference: next(3) ? null : `ref-${next(50)}` }),
              post(from, to, next(20) + 1, { pending: true }),
              { type: 'CaptureHold', transactionId, amount: String(next(10) + 1), final: next(2) === 0 },
              { type: 'VoidHold', transactionId },
              { type: 'ReverseTransaction', transactionId, amount: String(next(10) + 1) },
            ];
            const key = `k${next(400)}`;
            const command = commands[next(commands.length)] as LedgerCommand;
            return send(writer, command, { idempotencyKey: key, requestHash: JSON.stringify(command) });
          }),
        );
        for (const outcome of outcomes) {
          if (outcome.kind === 'accepted') ids.push(String(accepted(outcome).answer['id']));
        }
        expect(stops).toEqual([]);
        if (round % 2) writer.stop(new Error('killed'));
        else await writer.close();
      }
      const last = setUp({ store, checkpoints });
      await last.writer.load();
      await last.writer.checkpoint();
      expect(last.stops).toEqual([]);
      await expectCheckpointEqualsFold(store, checkpoints);
    },
  );
});
