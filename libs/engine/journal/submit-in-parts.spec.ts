import { ledgerDomain } from '@fintech-ledger/ledger';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { AppendTooLarge, MemoryEventStore, StoreUnavailable } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type {
  LedgerCommand,
  LedgerEvent,
  LedgerRecord,
  PostTransactions,
} from '@fintech-ledger/ledger/domain';
import { CommandOutcomeUnknown } from './gateway';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'journal-led_1';
const smallBytes = 8_000;
const accounts = ['a', 'b'];
const context = { stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'c' };

async function writerOn(eventStore: EventStore, checkpoints = new MemoryCheckpointStore()) {
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: ledgerDomain,
      eventStore,
      checkpoints,
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 1_000, limits: { appendPatienceMs: 20, appendRetryMs: 1 } },
  );
  await writer.load();
  return writer;
}

async function withAccounts(store: EventStore) {
  const writer = await writerOn(store);
  for (const address of accounts) {
    const command = {
      type: 'OpenAccount',
      address,
      accountType: 'liability',
      currency: 'USD',
      metadata: {},
    } as const;
    await writer.submit({
      ...context,
      command: { ...command, minBalance: address === 'a' ? '-1000' : null } as LedgerCommand,
    });
  }
  return writer;
}

/** Amounts of 1, but of 5,000 where `refused` says: more than there is. */
const bulk = (count: number, atomic = false, refused: readonly number[] = []): PostTransactions => ({
  type: 'PostTransactions',
  atomic,
  transactions: Array.from({ length: count }, (_, index) => ({
    entries: ['debit', 'credit'].map((direction, side) => ({
      account: accounts[side] ?? '',
      direction: direction as 'debit' | 'credit',
      amount: refused.includes(index) ? '5000' : '1',
      currency: 'USD',
    })),
  })),
});

interface Item {
  readonly position?: string;
  readonly code?: string;
  readonly param?: string;
}
const itemsOf = (outcome: CommandOutcome): readonly Item[] => {
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
  return (JSON.parse(outcome.answer) as { data: Item[] }).data;
};
const posted = async (store: EventStore): Promise<string[]> =>
  (await store.readStream(stream, { limit: 1_000 }))
    .filter(({ type }) => type === 'TransactionPosted')
    .map(({ revision }) => `led_1@${revision}`);

const keyed = { idempotencyKey: 'k', requestHash: 'h' };

describe('a bulk that is larger than an append', () => {
  it('is stored in parts, answered in one piece, and answered so again from the journal', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(new Resized(store, smallBytes));
    const command = bulk(60, false, [0, 7, 30, 59]);
    const first = await writer.submit({ ...context, ...keyed, command });
    const items = itemsOf(first);
    expect(items).toHaveLength(60);
    expect(items.flatMap(({ code }, index) => (code === undefined ? [] : [index]))).toEqual([0, 7, 30, 59]);
    expect(items[30]?.param).toBe('/transactions/30/entries/0/account');
    expect(items.flatMap(({ position }) => position ?? [])).toEqual(await posted(store));
    const again = await writer.submit({ ...context, ...keyed, command });
    expect(again).toEqual({ ...first, replayed: true });
    await writer.close();
    const next = await writerOn(new Resized(store, 1_000_000));
    expect(await next.submit({ ...context, ...keyed, command })).toEqual({ ...first, replayed: true });
    expect(await posted(store)).toHaveLength(56);
    await next.close();
  });

  it('is decided as a whole: what is asked for meanwhile is decided after it', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(new Resized(store, smallBytes));
    const [whole] = bulk(1).transactions;
    const entries = whole?.entries.map((entry) => ({ ...entry, amount: '990' })) ?? [];
    const [first, other] = await Promise.all([
      writer.submit({ ...context, ...keyed, command: bulk(60) }),
      writer.submit({ ...context, command: { ...bulk(1, true), transactions: [{ entries }] } }),
    ]);
    expect(itemsOf(first).filter(({ code }) => code !== undefined)).toEqual([]);
    expect(other.kind).toBe('refused');
    expect(await posted(store)).toHaveLength(60);
    await writer.close();
  });

  it('is one append when it fits', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(store);
    await writer.submit({ ...context, ...keyed, command: bulk(60) });
    const metadata = (await store.readStream(stream, { limit: 100 })).map((event) => event.metadata);
    expect(metadata.filter((text) => text.includes('"commandSize":60'))).toHaveLength(60);
    expect(metadata.some((text) => text.includes('"part"'))).toBe(false);
    await writer.close();
  });

  it.each([1, 2, 3])(
    'is completed by its key after a crash behind part %i, also when it would be cut otherwise by then',
    async (parts) => {
      const store = new MemoryEventStore();
      await (await withAccounts(store)).close();
      const dying = await writerOn(new Dying(new Resized(store, smallBytes), parts));
      const command = bulk(60, false, [5, 40]);
      const lost = dying.submit({ ...context, ...keyed, command });
      const error: unknown = await lost.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CommandOutcomeUnknown);
      const { booked } = error as CommandOutcomeUnknown;
      expect(`led_1@${booked?.revision}`).toBe((await posted(store)).at(-1));
      expect(booked?.stream).toBe(stream);
      const stored = (await posted(store)).length;
      expect(stored).toBeGreaterThan(0);
      expect(stored).toBeLessThan(58);
      for (const bytes of [5_000, 1_000_000]) {
        const writer = await writerOn(new Resized(store, bytes));
        const outcome = await writer.submit({ ...context, ...keyed, command });
        const items = itemsOf(outcome);
        expect(items.flatMap(({ code }, index) => (code === undefined ? [] : [index]))).toEqual([5, 40]);
        expect(items.flatMap(({ position }) => position ?? [])).toEqual(await posted(store));
        expect(await posted(store)).toHaveLength(58);
        expect(await writer.submit({ ...context, ...keyed, command })).toEqual({
          ...outcome,
          replayed: true,
        });
        const other = { ...context, ...keyed, requestHash: 'other', command: bulk(1) };
        expect(await writer.submit(other)).toMatchObject({
          refusal: { code: 'idempotency_key_reused' },
        });
        await writer.close();
      }
    },
  );

  it.each([1, 2])(
    'without a key, that stops behind part %i, says up to where it was booked',
    async (parts) => {
      const store = new MemoryEventStore();
      await (await withAccounts(store)).close();
      const dying = await writerOn(new Dying(new Resized(store, smallBytes), parts));
      const error: unknown = await dying
        .submit({ ...context, command: bulk(60) })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CommandOutcomeUnknown);
      expect(`led_1@${(error as CommandOutcomeUnknown).booked?.revision}`).toBe((await posted(store)).at(-1));
      await dying.close().catch(() => undefined);
    },
  );

  it('that is not stored at all says nothing of the kind', async () => {
    const store = new MemoryEventStore();
    await (await withAccounts(store)).close();
    const dying = await writerOn(new Dying(new Resized(store, smallBytes), 0));
    const error: unknown = await dying
      .submit({ ...context, command: bulk(60) })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('booked.revision');
    await dying.close().catch(() => undefined);
  });

  it('answers for ever what it refused after a crash, whatever there is by then', async () => {
    const store = new MemoryEventStore();
    const { command, first, left } = await refusedAfterCrash(store);
    expect(left).toBeGreaterThan(0);
    const items = itemsOf(first);
    expect(items.slice(-left).map(({ code }) => code)).toEqual(Array(left).fill('account_frozen'));
    expect(items.flatMap(({ position }) => position ?? [])).toEqual(await posted(store));
    const [event] = (await store.readStream(stream, { limit: 1_000 })).filter(isRefusal);
    expect(JSON.parse(event?.data ?? '')).toEqual({ from: 60 - left, of: 60, to: 60 });
    const booked = await posted(store);
    await unfreeze(store);
    for (const bytes of [5_000, 1_000_000]) {
      const writer = await writerOn(new Resized(store, bytes));
      expect(await writer.submit({ ...context, ...keyed, command })).toEqual({ ...first, replayed: true });
      await writer.close();
    }
    expect(await posted(store)).toEqual(booked);
  });

  it('records what was refused in as many parts as it takes, before and behind what is booked', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(new Resized(store, smallBytes));
    const all = Array.from({ length: 200 }, (_, index) => index);
    const command = bulk(
      200,
      false,
      all.filter((index) => index !== 100),
    );
    const first = await writer.submit({ ...context, ...keyed, command });
    const items = itemsOf(first);
    expect(items.flatMap(({ code }, index) => (code === undefined ? [index] : []))).toEqual([100]);
    expect(items.map(({ param }) => param?.split('/')[2])).toEqual(
      all.map((index) => (index === 100 ? undefined : String(index))),
    );
    expect([`led_1@${first.kind === 'accepted' ? first.revision : ''}`]).toEqual(await posted(store));
    expect((await store.readStream(stream, { limit: 1_000 })).filter(isRefusal).length).toBeGreaterThan(2);
    await writer.close();
    const next = await writerOn(store);
    expect(await next.submit({ ...context, ...keyed, command })).toEqual({ ...first, replayed: true });
    await next.close();
  });

  it('leaves no trace when all of it is refused, however large it is', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(new Resized(store, smallBytes));
    const before = writer.revision;
    const command = bulk(
      200,
      false,
      Array.from({ length: 200 }, (_, index) => index),
    );
    expect(itemsOf(await writer.submit({ ...context, ...keyed, command }))).toHaveLength(200);
    expect(writer.revision).toBe(before);
    await writer.close();
  });

  it('books each item once when the store takes less than it says, and the parts begin elsewhere', async () => {
    const store = new MemoryEventStore();
    const writer = await withAccounts(new Stricter(store, smallBytes, 5_000));
    const command = bulk(60);
    const first = await writer.submit({ ...context, ...keyed, command });
    expect(itemsOf(first).flatMap(({ position }) => position ?? [])).toEqual(await posted(store));
    expect(await posted(store)).toHaveLength(60);
    await writer.close();
  });

  it('is stored by two who send it at once, once', async () => {
    const store = new Resized(new MemoryEventStore(), smallBytes);
    const writer = await withAccounts(store);
    const command = bulk(60);
    const both = await Promise.all([1, 2].map(() => writer.submit({ ...context, ...keyed, command })));
    expect(both.map((outcome) => itemsOf(outcome))).toEqual([
      itemsOf(both[0] as CommandOutcome),
      itemsOf(both[0] as CommandOutcome),
    ]);
    expect(await posted(store)).toHaveLength(60);
    await writer.close();
  });

  it('is finished before its writer closes', async () => {
    const store = new Resized(new MemoryEventStore(), smallBytes);
    const writer = await withAccounts(store);
    const outcome = writer.submit({ ...context, command: bulk(60) });
    await writer.close();
    expect(itemsOf(await outcome)).toHaveLength(60);
  });

  it('is refused by bytes, with both numbers, when it is all or nothing; a dry run, too', async () => {
    const store = new Resized(new MemoryEventStore(), smallBytes);
    const writer = await withAccounts(store);
    const outcome = await writer.submit({ ...context, command: bulk(60, true) });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'bulk_too_large' } });
    expect(outcome.kind === 'refused' && outcome.refusal.detail).toMatch(
      /60 events of \d{5} bytes; .* of 8000 can/,
    );
    expect(await writer.submit({ ...context, command: bulk(60, true), dryRun: true })).toEqual(outcome);
    const inParts = await writer.submit({ ...context, command: bulk(60), dryRun: true });
    expect(itemsOf(inParts)).toHaveLength(60);
    expect(await posted(store)).toEqual([]);
    await writer.close();
  });
});

const isRefusal = ({ type }: { readonly type: string }): boolean => type === 'TransactionsRefused';
const freeze = { type: 'FreezeAccount', address: 'a' } as const;
const unfreeze = async (store: EventStore): Promise<void> => {
  const writer = await writerOn(store);
  await writer.submit({ ...context, command: { ...freeze, type: 'UnfreezeAccount' } });
  await writer.close();
};

/** A bulk whose writer dies behind its first part, and of which all that is left is refused at the next attempt. */
async function refusedAfterCrash(store: EventStore) {
  await (await withAccounts(store)).close();
  const command = bulk(60);
  const dying = await writerOn(new Dying(new Resized(store, smallBytes), 1));
  await expect(dying.submit({ ...context, ...keyed, command })).rejects.toThrow(CommandOutcomeUnknown);
  const left = 60 - (await posted(store)).length;
  const writer = await writerOn(new Resized(store, smallBytes));
  await writer.submit({ ...context, command: freeze });
  const first = await writer.submit({ ...context, ...keyed, command });
  await writer.close();
  return { command, first, left };
}

/** The same store with another limit. */
class Resized implements EventStore {
  constructor(
    protected readonly inner: EventStore,
    private readonly bytesMax: number,
  ) {}
  get limits(): EventStore['limits'] {
    return {
      ...this.inner.limits,
      appendBytesMax: Math.min(this.bytesMax, this.inner.limits.appendBytesMax),
    };
  }
  append: EventStore['append'] = (...call) => this.inner.append(...call);
  readStream: EventStore['readStream'] = (...call) => this.inner.readStream(...call);
  subscribe: EventStore['subscribe'] = (...call) => this.inner.subscribe(...call);
  countAfter: EventStore['countAfter'] = (...call) => this.inner.countAfter(...call);
  lastPosition: EventStore['lastPosition'] = () => this.inner.lastPosition();
  close: EventStore['close'] = () => this.inner.close();
}

/** Takes so many appends, and no more. */
class Dying extends Resized {
  constructor(
    inner: EventStore,
    private left: number,
  ) {
    super(inner, Infinity);
  }
  override append: EventStore['append'] = (...call) => {
    if (this.left === 0) return Promise.reject(new StoreUnavailable('it died'));
    this.left -= 1;
    return this.inner.append(...call);
  };
}

/** Refuses less than it says that it takes. */
class Stricter extends Resized {
  constructor(
    inner: EventStore,
    saysBytes: number,
    private readonly takesBytes: number,
  ) {
    super(inner, saysBytes);
  }
  override append: EventStore['append'] = (...call) => {
    const events = call[2];
    const bytes = events.reduce((sum, event) => sum + event.data.length + event.metadata.length, 0);
    if (bytes > this.takesBytes) return Promise.reject(new AppendTooLarge(`${bytes} bytes`));
    return this.inner.append(...call);
  };
}
