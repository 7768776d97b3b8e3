import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { recomputeHash } from '@fintech-ledger/envelope';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver, Turns } from '@fintech-ledger/journal';
import type { CommandOutcome, Ownership, WriterOptions } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { LayeredView, evolve, snapshotOf, transactionKey } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';

// A ledger's writer over stores in memory, and what specs ask of it.

export const stream = 'journal-led_1';
export type Writer = JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>;

export function setUp(
  options: {
    store?: EventStore;
    checkpoints?: MemoryCheckpointStore;
    nowMs?: () => number;
    ownership?: Pick<Ownership, 'confirms' | 'holds'>;
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
      ownership: options.ownership,
      // What comes together is decided together, however slow the machine is.
      turns: new Turns({ nowMs: () => 0 }),
    },
    {
      cacheRecords: options.cacheRecords ?? 1_000,
      limits: { appendRetryMs: 1, ...options.limits },
    },
  );
  return { store, checkpoints, writer, stops };
}

export function send(
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

export const open = (address: string, minBalance: string | null = null): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'USD',
  minBalance,
});

export const post = (from: string, to: string, amount: number, more: object = {}): LedgerCommand => ({
  type: 'PostTransaction',
  entries: [
    { account: from, direction: 'debit', amount: String(amount), currency: 'USD' },
    { account: to, direction: 'credit', amount: String(amount), currency: 'USD' },
  ],
  ...more,
});

export function accepted(outcome: CommandOutcome): {
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

export const codeOf = (outcome: CommandOutcome): string =>
  outcome.kind === 'refused' ? outcome.refusal.code : 'accepted';

export async function allEvents(store: EventStore) {
  const events = [];
  for (let from = 0; ;) {
    const page = await store.readStream(stream, { from: from as never, limit: 1_000 });
    events.push(...page);
    from += page.length;
    if (page.length < 1_000) return events;
  }
}

/** The state by folding the journal from its beginning, with the hash chain checked on the way. */
export async function fold(store: EventStore): Promise<Map<string, LedgerRecord>> {
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

export async function expectCheckpointEqualsFold(
  store: EventStore,
  checkpoints: MemoryCheckpointStore,
): Promise<void> {
  const folded = await fold(store);
  const { found } = await checkpoints.loadRecords(stream, [...folded.keys()]);
  const decoded = new Map([...found].map(([key, text]) => [key, ledgerDomain.decode(key, text)]));
  expect(decoded).toEqual(folded);
}
