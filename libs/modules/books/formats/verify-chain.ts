import { genesisHash, verifyStoredHash } from '@fintech-ledger/envelope';
import type { EventMetadata, StoredEvent } from '@fintech-ledger/envelope';
import type { BookedEntry } from '@fintech-ledger/ledger/domain';

/** The first revision that does not hold, and what is wrong with it. */
export interface BrokenEvent {
  readonly revision: number;
  readonly detail: string;
}

/** Goes through the events of one stream in order and checks each against those before it. */
export class ChainVerifier {
  /** Per currency. */
  readonly totals = new Map<string, { debits: bigint; credits: bigint }>();
  /** The hash of the last event. */
  head = genesisHash;
  events = 0;
  private stream: string | undefined;

  /** Undefined: the event holds. After one that does not, nothing later says anything. */
  check(event: StoredEvent): BrokenEvent | undefined {
    let detail: string | undefined;
    try {
      detail = this.fault(event);
    } catch {
      detail = 'it has not the form of an event';
    }
    if (detail !== undefined) return { revision: this.events, detail };
    this.events += 1;
    return undefined;
  }

  private fault(event: StoredEvent): string | undefined {
    const { revision, stream } = event;
    this.stream ??= stream;
    if (stream !== this.stream) return `it is of stream ${stream}, the others of ${this.stream}`;
    if (revision !== this.events) return `revision ${this.events} is missing: the next one is ${revision}`;
    const data = JSON.parse(event.data) as unknown;
    const metadata = JSON.parse(event.metadata) as Partial<EventMetadata>;
    if (metadata.previousHash !== this.head) return 'its previousHash is not the hash of the event before it';
    const fault = verifyStoredHash(event, { data, metadata });
    if (fault !== undefined) return fault;
    this.head = metadata.hash ?? '';
    return this.imbalance(entriesOf(data));
  }

  private imbalance(entries: readonly BookedEntry[]): string | undefined {
    const sums = new Map<string, bigint>();
    for (const { currency, effect, direction, amount } of entries) {
      const key = `${currency} (${effect})`;
      const signed = direction === 'debit' ? BigInt(amount) : -BigInt(amount);
      sums.set(key, (sums.get(key) ?? 0n) + signed);
      if (effect === 'post' || effect === 'capture') this.add(currency, signed);
    }
    for (const [key, sum] of sums) {
      if (sum !== 0n) return `its debits and credits of ${key} differ by ${sum}`;
    }
    return undefined;
  }

  private add(currency: string, signed: bigint): void {
    const totals = this.totals.get(currency) ?? { debits: 0n, credits: 0n };
    if (signed > 0n) totals.debits += signed;
    else totals.credits -= signed;
    this.totals.set(currency, totals);
  }
}

function entriesOf(data: unknown): readonly BookedEntry[] {
  const { entries } = data as { entries?: readonly BookedEntry[] };
  return entries ?? [];
}
