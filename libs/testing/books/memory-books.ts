import { refused } from '@fintech-ledger/contract';
import { randomUUID } from 'node:crypto';
import { genesisHash, sealMetadata, canonicalJson } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import {
  accountOf,
  beginsTransaction,
  decide,
  effectiveAtOf,
  evolve,
  findCurrency,
  firstSnapshot,
  ledgerEvents,
  movesMoney,
  unknownCurrency,
} from '@fintech-ledger/ledger/domain';
import type {
  LedgerCommand,
  LedgerEvent,
  LedgerRecord,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import type {
  AccountFacts,
  Books,
  BooksOutcome,
  ExportSource,
  SpooledFile,
} from '@fintech-ledger/books/formats';

/** A ledger in memory that decides as the real one does. */
export class MemoryBooks implements Books {
  readonly units = new Map<string, { exponent: number; name: string }>();
  readonly recorded: RecordedEvent[] = [];
  now = '2026-11-01T00:00:00.000Z';
  private readonly records = new Map<string, LedgerRecord>();
  private readonly answers = new Map<string, string>();
  private hash = genesisHash;

  constructor(readonly ledgerId = 'led_1') {}

  async submit(command: LedgerCommand, key: string, options?: { dryRun?: boolean }): Promise<BooksOutcome> {
    await Promise.resolve();
    const known = this.answers.get(key);
    if (known !== undefined) return { kind: 'accepted', answer: known, replayed: true };
    if (command.type === 'OpenAccount' && this.exponent(command.currency) === undefined) {
      return refused(unknownCurrency, `unknown ${command.currency}`);
    }
    const newId = (prefix: string, index: number): string =>
      `${prefix}_${this.ledgerId}x${this.recorded.length + index}`;
    // Those that an import makes.
    const asked = key.startsWith('\u00a7') ? { ...command, isImport: true } : command;
    const decision = decide(this.records, asked, { now: this.now, newId });
    if (decision.kind === 'refused') return decision;
    const [event] = decision.events;
    const answer = event === undefined ? '{}' : answerOf(event);
    if (options?.dryRun === true) return { kind: 'accepted', answer, replayed: false };
    for (const each of decision.events) this.record(each, key);
    this.answers.set(key, answer);
    return { kind: 'accepted', answer, replayed: false };
  }

  /** What its writer does when the time of holds has come. */
  expireHolds(): void {
    const transactionIds = [...this.records.values()].flatMap((record) =>
      record.kind === 'transaction' && record.snapshot.status === 'pending' ? [record.snapshot.id] : [],
    );
    const newId = (): string => '';
    const decision = decide(this.records, { type: 'ExpireHolds', transactionIds }, { now: this.now, newId });
    if (decision.kind === 'decided') for (const event of decision.events) this.record(event, 'due');
  }

  /** The transactions that are or were holds, and those of which something was reversed. */
  get transactions(): readonly TransactionSnapshot[] {
    return [...this.records.values()].flatMap((record) =>
      record.kind === 'transaction' ? [record.snapshot] : [],
    );
  }

  headRevision(): Promise<number> {
    return Promise.resolve(this.recorded.length - 1);
  }
  account(address: string): Promise<AccountFacts | null> {
    return Promise.resolve(accountOf(this.records, address) ?? null);
  }
  unit(code: string): Promise<{ exponent: number; name: string } | null> {
    return Promise.resolve(this.units.get(code) ?? null);
  }
  declareUnit({
    code,
    exponent,
    name,
  }: {
    code: string;
    exponent: number;
    name: string;
  }): Promise<BooksOutcome> {
    this.units.set(code, { exponent, name });
    return Promise.resolve({ kind: 'accepted', answer: '{}', replayed: false });
  }

  source(): ExportSource {
    const { recorded } = this;
    return {
      ledger: { id: this.ledgerId, name: 'Books' },
      revision: recorded.length - 1,
      events: async function* () {
        yield* recorded;
      },
      unit: (code) => this.unit(code),
    };
  }

  /** Signed minor units (debits less credits) by address, without what is zero; pending ones behind a slash when there are any. */
  balances(): Record<string, string> {
    const all: [string, string][] = [];
    for (const record of this.records.values()) {
      if (record.kind !== 'account') continue;
      const posted = record.postedDebits - record.postedCredits;
      const pending = record.pendingDebits - record.pendingCredits;
      if (posted === 0n && pending === 0n) continue;
      all.push([record.address, `${posted} ${record.currency}${pending === 0n ? '' : ` / ${pending}`}`]);
    }
    return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private exponent(code: string): number | null | undefined {
    return findCurrency(code)?.exponent ?? this.units.get(code)?.exponent;
  }

  private record(event: LedgerEvent, idempotencyKey: string): void {
    for (const { key, record } of evolve(this.records, event)) this.records.set(key, record);
    // A plain posted transaction leaves no record; reversals read it from its event.
    if (movesMoney(event) && beginsTransaction(event) && event.type !== 'HoldPlaced') {
      const { transaction, entries } = event.data;
      const snapshot = firstSnapshot(transaction, entries);
      this.records.set(`t:${snapshot.id}`, { kind: 'transaction', snapshot });
    }
    const position = { id: randomUUID(), stream: `journal-${this.ledgerId}`, revision: this.recorded.length };
    const data = canonicalJson(event.data);
    const { text, hash } = sealMetadata(
      { ...position, type: event.type, data },
      {
        $correlationId: 'c',
        actor: 'system',
        commandIndex: 0,
        commandSize: 1,
        idempotencyKey,
        requestHash: idempotencyKey.slice(-64),
        effectiveAt: effectiveAtOf(event, this.now),
        organizationId: 'org_1',
        previousHash: this.hash,
        recordedAt: this.now,
        version: ledgerEvents.versionOf(event.type),
      },
    );
    this.hash = hash;
    this.recorded.push({
      ...position,
      revision: revision(position.revision),
      position: globalPosition(String(position.revision)),
      type: event.type,
      data,
      metadata: text,
    });
  }
}

function answerOf({ data }: LedgerEvent): string {
  if ('transaction' in data) return JSON.stringify({ id: data.transaction.id });
  return JSON.stringify('account' in data ? { metadata: data.account.metadata } : {});
}

/** A file of this text, in pieces of a few bytes. */
export function fileOf(text: string, chunkBytes = 7): SpooledFile {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    read: async function* () {
      for (let i = 0; i < bytes.length; i += chunkBytes) yield bytes.subarray(i, i + chunkBytes);
    },
  };
}

export async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
