import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import {
  AppendMisplaced,
  checkedAppends,
  MemoryEventStore,
  OutcomeUnknown,
  revision as asRevision,
} from '@fintech-ledger/event-store';
import type { AppendResult, EventStore, EventToAppend, ExpectedRevision } from '@fintech-ledger/event-store';
import { recomputeHash } from '@fintech-ledger/envelope';
import { LayeredView, evolve, snapshotOf, transactionKey } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { silentObserver } from './observer';
import { JournalWriter } from './journal-writer';
import type { WriterOptions } from './writer-dependencies';
import { CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import type { CommandOutcome } from './gateway';

const stream = 'journal-led_1';
type Writer = JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>;

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

function setUp(
  options: {
    store?: EventStore;
    checkpoints?: MemoryCheckpointStore;
    nowMs?: () => number;
  } & Partial<WriterOptions> = {},
) {
  const store = options.store ?? new MemoryEventStore();
  const checkpoints = options.checkpoints ?? new MemoryCheckpointStore();
  const stops: Error[] = [];
  const writer: Writer = new JournalWriter(
    stream,
    {
      domain: ledgerDomain,
      eventStore: store,
      checkpoints,
      clock: { nowMs: options.nowMs ?? (() => Date.now()) },
      observer: { ...silentObserver, stopped: (_stream, reason) => stops.push(reason) },
      newCommandId: () => crypto.randomUUID(),
    },
    {
      cacheRecords: options.cacheRecords ?? 1_000,
      limits: { appendRetryMs: 1, ...options.limits },
    },
  );
  return { store, checkpoints, writer, stops };
}

function send(
  writer: Writer,
  command: LedgerCommand,
  extra: { idempotencyKey?: string; requestHash?: string; dryRun?: boolean } = {},
): Promise<CommandOutcome> {
  return writer.submit({
    stream,
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'req_1',
    command,
    ...extra,
  });
}

const open = (address: string, minBalance: string | null = null): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'USD',
  minBalance,
});

const post = (from: string, to: string, amount: number, more: object = {}): LedgerCommand => ({
  type: 'PostTransaction',
  entries: [
    { account: from, direction: 'debit', amount: String(amount), currency: 'USD' },
    { account: to, direction: 'credit', amount: String(amount), currency: 'USD' },
  ],
  ...more,
});

function accepted(outcome: CommandOutcome): {
  answer: Record<string, unknown>;
  text: string;
  replayed: boolean;
} {
  if (outcome.kind !== 'accepted')
    throw new Error(`refused: ${outcome.refusal.code} ${outcome.refusal.detail}`);
  return {
    answer: JSON.parse(outcome.answer) as Record<string, unknown>,
    text: outcome.answer,
    replayed: outcome.replayed,
  };
}

const codeOf = (outcome: CommandOutcome): string =>
  outcome.kind === 'refused' ? outcome.refusal.code : 'accepted';

async function allEvents(store: EventStore) {
  const events = [];
  for (let from = 0; ;) {
    const page = await store.readStream(stream, { from: from as never, limit: 1_000 });
    events.push(...page);
    from += page.length;
    if (page.length < 1_000) return events;
  }
}

/** The state by folding the journal from its beginning, with the hash chain checked on the way. */
async function fold(store: EventStore): Promise<Map<string, LedgerRecord>> {
  const records = new Map<string, LedgerRecord>();
  const view = new LayeredView({ get: () => undefined });
  let previousHash = '0'.repeat(64);
  for (const recorded of await allEvents(store)) {
    const metadata = JSON.parse(recorded.metadata) as { hash: string; previousHash: string };
    expect(metadata.previousHash).toBe(previousHash);
    expect(recomputeHash(recorded)).toBe(metadata.hash);
    previousHash = metadata.hash;
    const event = { type: recorded.type, data: JSON.parse(recorded.data) } as LedgerEvent;
    const changes = evolve(view, event);
    const snapshot = snapshotOf(event);
    // What the writer reads back from its event.
    if (snapshot) view.set([{ key: transactionKey(snapshot.id), record: { kind: 'transaction', snapshot } }]);
    view.set(changes);
    for (const { key, record } of changes) records.set(key, record);
  }
  return records;
}

async function expectCheckpointEqualsFold(
  store: EventStore,
  checkpoints: MemoryCheckpointStore,
): Promise<void> {
  const folded = await fold(store);
  const { found } = await checkpoints.loadRecords(stream, [...folded.keys()]);
  const decoded = new Map([...found].map(([key, text]) => [key, ledgerDomain.decode(key, text)]));
  expect(decoded).toEqual(folded);
}

describe('the journal writer', () => {
  it('answers with the stored transaction, its position and the balances after it', async () => {
    const { writer } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const { answer } = accepted(await send(writer, post('a', 'b', 5)));
    expect(answer).toMatchObject({
      object: 'transaction',
      status: 'posted',
      position: 'led_1@2',
      balances: {
        a: { available: '-5', posted: { debits: '5', credits: '0', balance: '-5' } },
        b: { available: '5' },
      },
    });
    await writer.close();
  });

  it('puts commands that arrive together into one append, and answers refusals only when what they rest on is stored', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await Promise.all([send(writer, open('a', '-10')), send(writer, open('b'))]);
    const appends = jest.spyOn(store, 'append');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(writer, post('a', 'b', 1))));
    expect(outcomes.map(codeOf).filter((code) => code === 'accepted')).toHaveLength(10);
    expect(outcomes.map(codeOf).filter((code) => code === 'insufficient_funds')).toHaveLength(10);
    expect(appends.mock.calls.length).toBeLessThanOrEqual(2);
    await writer.close();
  });

  it('gives one key one effect and the same answer 50 times at once, later, and after a restart', async () => {
    const { writer, store, checkpoints } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => send(writer, post('a', 'b', 5), key)),
    );
    const [first] = outcomes.map(accepted);
    expect(new Set(outcomes.map((outcome) => accepted(outcome).text)).size).toBe(1);
    expect(outcomes.map(accepted).filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await allEvents(store)).toHaveLength(3);
    expect(accepted(await send(writer, post('a', 'b', 5), key)).text).toBe(first?.text);
    expect(codeOf(await send(writer, post('a', 'b', 6), { ...key, requestHash: 'i' }))).toBe(
      'idempotency_key_reused',
    );

    const replayedTail = setUp({ store });
    await replayedTail.writer.load();
    expect(accepted(await send(replayedTail.writer, post('a', 'b', 5), key))).toMatchObject({
      text: first?.text,
      replayed: true,
    });

    await writer.close();
    const fromCheckpoint = setUp({ store, checkpoints });
    await fromCheckpoint.writer.load();
    expect(accepted(await send(fromCheckpoint.writer, post('a', 'b', 5), key)).text).toBe(first?.text);
    expect(await allEvents(store)).toHaveLength(3);
  });

  it('burns no key with a refused command, and writes nothing in a dry run', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await send(writer, open('a', '0'));
    await send(writer, open('b'));
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    expect(codeOf(await send(writer, post('a', 'b', 5), key))).toBe('insufficient_funds');
    const dry = accepted(await send(writer, post('b', 'a', 5), { ...key, dryRun: true }));
    expect(dry.answer).toMatchObject({
      dry_run: true,
      position: 'led_1@1',
      balances: { a: { available: '5' } },
    });
    expect(await allEvents(store)).toHaveLength(2);
    await send(writer, post('b', 'a', 5));
    expect(codeOf(await send(writer, post('a', 'b', 5), key))).toBe('accepted');
    await writer.close();
  });

  it('replays a bulk that was not atomic with its refusals, as the first time', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await send(writer, open('a', '-7'));
    await send(writer, open('b'));
    const bulk: LedgerCommand = {
      type: 'PostTransactions',
      atomic: false,
      transactions: [post('a', 'b', 5), post('a', 'b', 5), post('b', 'a', 4)] as never,
    };
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    const first = accepted(await send(writer, bulk, key));
    expect(first.answer).toMatchObject({
      data: [
        { position: 'led_1@2' },
        { object: 'error', code: 'insufficient_funds', param: '/transactions/1' },
        { position: 'led_1@3' },
      ],
    });
    await send(writer, post('b', 'a', 100));
    expect(accepted(await send(writer, bulk, key)).text).toBe(first.text);
    expect(await allEvents(store)).toHaveLength(5);
    await writer.close();
  });

  it('releases a hold at its time before the next command is judged, also when it was down then', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00.000Z');
    const { writer, store } = setUp({ nowMs: () => nowMs });
    await writer.load();
    await send(writer, open('a', '-10'));
    await send(writer, open('b'));
    const hold = { pending: true, expiresAt: '2026-01-01T00:01:00.000Z' };
    await send(writer, post('a', 'b', 10, hold));
    expect(codeOf(await send(writer, post('a', 'b', 1)))).toBe('insufficient_funds');
    nowMs += 59_999;
    expect(codeOf(await send(writer, post('a', 'b', 1)))).toBe('insufficient_funds');
    nowMs += 1;
    expect(codeOf(await send(writer, post('a', 'b', 10)))).toBe('accepted');
    expect((await allEvents(store)).map(({ type }) => type).slice(-2)).toEqual([
      'HoldExpired',
      'TransactionPosted',
    ]);

    await send(writer, post('b', 'a', 10, { pending: true, expiresAt: '2026-01-01T00:02:00.000Z' }));
    writer.stop(new Error('killed'));
    nowMs += 3_600_000;
    const next = setUp({ store, nowMs: () => nowMs });
    await next.writer.load();
    await send(next.writer, open('c'));
    const [expired] = (await allEvents(store)).slice(-2);
    expect(expired?.type).toBe('HoldExpired');
    expect(JSON.parse(expired?.metadata ?? '')).toMatchObject({ actor: 'system', organizationId: 'org_1' });
  });

  it('finds a cold posted transaction by the revision in its id', async () => {
    const { writer, store, checkpoints } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const { answer } = accepted(await send(writer, post('a', 'b', 5)));
    const transactionId = String(answer['id']);
    expect(codeOf(await send(writer, { type: 'ReverseTransaction', transactionId, amount: '2' }))).toBe(
      'accepted',
    );
    await writer.close();
    const next = setUp({ store, checkpoints });
    await next.writer.load();
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId, amount: '4' }))).toBe(
      'reversal_exceeded',
    );
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId, amount: '3' }))).toBe(
      'accepted',
    );
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId }))).toBe(
      'already_reversed',
    );
    const foreign = `txn_${transactionId.slice(4, 22)}AAAAAAAA`;
    expect(codeOf(await send(next.writer, { type: 'VoidHold', transactionId: foreign }))).toBe(
      'transaction_not_found',
    );
  });

  it('does not acknowledge, nor call unwritten, what the store put elsewhere, and stops', async () => {
    const memory = new MemoryEventStore();
    const elsewhere: EventStore['append'] = async (...call) => {
      const result = await memory.append(...call);
      return { ...result, revision: asRevision(result.revision + 12) };
    };
    const store = Object.assign(Object.create(memory) as EventStore, { append: elsewhere });
    const { writer, stops } = setUp({ store: checkedAppends(store) });
    await writer.load();
    await expect(send(writer, open('a'))).rejects.toThrow(CommandOutcomeUnknown);
    expect(stops).toHaveLength(1);
    expect(stops[0]).toBeInstanceOf(AppendMisplaced);
    await expect(send(writer, open('b'))).rejects.toThrow(WriterUnavailable);
    expect(await allEvents(memory)).toHaveLength(1);
  });

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

  it.each([6, 8, 10, 12, 40])('decides a command that reads %i records with a cache of 10', async (size) => {
    const { writer, stops } = setUp({ cacheRecords: 10 });
    await writer.load();
    for (let i = 0; i < 60; i += 1) await send(writer, open(`acc:${i}`));
    await writer.checkpoint();
    for (let round = 0; round < 20; round += 1) {
      const entries = Array.from({ length: size }, (_, i) => ({
        account: `acc:${(i * (1 + (round % 3)) + round) % 60}`,
        direction: i % 2 ? ('credit' as const) : ('debit' as const),
        amount: '1',
        currency: 'USD',
      }));
      for (const again of [entries, entries.toReversed()]) {
        expect(codeOf(await send(writer, { type: 'PostTransaction', entries: again }))).toBe('accepted');
        await writer.checkpoint();
      }
    }
    expect(stops).toEqual([]);
    await writer.close();
  });

  it('says that the outcome is unknown when it stays so, and stops', async () => {
    const store = new MemoryEventStore();
    const { writer } = setUp({ store, limits: { appendPatienceMs: 20 } });
    await writer.load();
    await send(writer, open('a'));
    jest.spyOn(store, 'append').mockRejectedValue(new OutcomeUnknown('gone'));
    await expect(send(writer, open('b'))).rejects.toThrow(CommandOutcomeUnknown);
    expect(writer.isStopped).toBe(true);
  });

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

it('stops when its own state is broken, and says of what was stored that it may be', async () => {
  const store = new MemoryEventStore();
  const { writer, stops } = setUp({ store });
  await writer.load();
  const { position } = writer as unknown as { readonly position: { confirmed: object } };
  const opened = send(writer, open('users:1'));
  position.confirmed = { revision: 7, chainHash: 'of another stream' };
  await expect(opened).rejects.toThrow(CommandOutcomeUnknown);
  expect(stops).toEqual([expect.objectContaining({ name: 'BrokenInvariant' })]);
  await expect(send(writer, open('users:2'))).rejects.toThrow(WriterUnavailable);
});
