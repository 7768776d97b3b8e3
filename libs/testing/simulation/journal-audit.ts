import { ChainVerifier } from '@fintech-ledger/books/formats';
import { canonicalJson } from '@fintech-ledger/envelope';
import type { CommandPart, EventMetadata, StoredEvent } from '@fintech-ledger/envelope';
import type { JournalFact } from '@fintech-ledger/ledger/domain';
import { insist } from '../insist';
import { InMemoryLedger } from '../ledger/in-memory-ledger';
import { PlainBooks } from '../ledger/plain-books';
import type { CallFacts } from '../carrier/carrier-events';
import { joinedEvents } from '../postage/joined-ledger';
import type { ParcelFacts } from '../postage/postage-events';

/** An event of an answer that was parsed; a canonical text can be made again from it. */
export type ParsedEvent = Omit<StoredEvent, 'data' | 'metadata'> & {
  readonly data: unknown;
  readonly metadata: unknown;
};

/** Where a command's events are. */
export interface CommandTrace {
  readonly firstRevision: number;
  readonly size: number;
  readonly idempotencyKey: string | undefined;
}

/**
 * Reads a ledger's journal event by event, in order, and holds it against everything that must be true of it whatever happened:
 * the chain of hashes, commands that are whole, keys that were used once, holds that ended once, and books that balance.
 */
export class JournalAudit {
  /** The state by folding all events. */
  readonly ledger = new InMemoryLedger<JournalFact>();
  /** What the test module has made of its parcels, where it has joined the ledger. */
  readonly parcels = new Map<string, ParcelFacts>();
  /** How far the test module has come whose effects a carrier does. */
  readonly calls = new Map<string, { readonly type: string; readonly call: CallFacts }>();
  /** By parcel, where its call ended. */
  readonly callEnds = new Map<string, number>();
  readonly byKey = new Map<string, CommandTrace>();
  readonly byCorrelation = new Map<string, CommandTrace>();
  private readonly chain = new ChainVerifier();
  private readonly books = new PlainBooks();
  private open: { trace: CommandTrace; nextIndex: number } | undefined;
  private readonly expired = new Set<string>();
  /** By idempotency key, how far the parts of a bulk have come. */
  private readonly partsTo = new Map<string, number>();

  /** The next revision to be read. */
  get nextRevision(): number {
    return this.ledger.revision + 1;
  }

  /** The hash of the last event: the same for two histories exactly when they are the same. */
  get head(): string {
    return this.chain.head;
  }

  /** @throws Error saying what is wrong with it */
  add(event: ParsedEvent): void {
    this.addRecorded({
      ...event,
      data: canonicalJson(event.data),
      metadata: canonicalJson(event.metadata),
    });
  }

  /** @throws Error saying what is wrong with it */
  addRecorded(event: StoredEvent): void {
    const broken = this.chain.check(event);
    insist(broken === undefined, () => `revision ${broken?.revision}: ${broken?.detail}`);
    const metadata = JSON.parse(event.metadata) as EventMetadata;
    this.follow(event.revision, metadata);
    const read = joinedEvents.read(event.type, metadata.version, JSON.parse(event.data) as object);
    if (typeof read === 'string') throw new Error(`revision ${event.revision}: ${read}`);
    if ('parcel' in read.data) this.followParcel(event.revision, read.type, read.data.parcel);
    if ('call' in read.data) this.followCall(event.revision, read.type, read.data.call);
    if (read.type === 'HoldExpired') {
      const { id } = read.data.transaction;
      insist(!this.expired.has(id), () => `the hold ${id} expires a second time at ${event.revision}`);
      this.expired.add(id);
    }
    this.ledger.apply(read);
    this.books.add(read);
  }

  /** A call is tried again as long as it is open, and has one outcome. */
  private followCall(revision: number, type: string, call: CallFacts): void {
    const before = this.calls.get(call.parcelId)?.call;
    const attempts = (before?.attempt ?? 0) + (type === 'CarrierAttempted' ? 1 : 0);
    insist(
      before?.isOpen !== false && call.attempt === attempts && call.isOpen === (type === 'CarrierAttempted'),
      () => `${revision} is ${type} of ${JSON.stringify(call)}, which was ${JSON.stringify(before)}`,
    );
    this.calls.set(call.parcelId, { type, call });
    if (!call.isOpen) this.callEnds.set(call.parcelId, revision);
  }

  /** A parcel is charged once, and delivered once. */
  private followParcel(revision: number, type: string, parcel: ParcelFacts): void {
    const before = this.parcels.get(parcel.id);
    insist(
      type === 'ParcelCharged' ? before === undefined : before?.isDelivered === false,
      () => `${revision} is ${type} of ${parcel.id}, which was ${JSON.stringify(before)}`,
    );
    this.parcels.set(parcel.id, parcel);
  }

  /** An administrator allowed these accounts to leave their bounds. */
  excuse(addresses: readonly string[]): void {
    this.books.excuse(addresses);
  }

  /** Call it when everything was read that is to be judged. @throws Error saying what does not hold */
  check(): void {
    insist(this.open === undefined, () => `a command ends in its middle, at ${this.ledger.revision}`);
    this.books.check(this.ledger);
  }

  /** A later part of a bulk begins where the one before it ended; the bulk is where the last of it was booked. */
  private followPart(trace: CommandTrace, part: CommandPart, refused: number, correlationId: string): void {
    const isBooked = refused < part.to - part.from;
    if (isBooked || !this.byCorrelation.has(correlationId)) this.byCorrelation.set(correlationId, trace);
    const key = trace.idempotencyKey?.split('\u001f@')[0];
    if (key === undefined) return;
    this.expectPart(trace, key, part);
    if (isBooked) this.byKey.set(key, trace);
  }

  private expectPart({ firstRevision }: CommandTrace, key: string, { from, of, to }: CommandPart): void {
    const expected = this.partsTo.get(key) ?? 0;
    insist(
      from === expected,
      () => `${firstRevision} has ${key} from item ${from}, and the part before it ends at ${expected}`,
    );
    insist(to > from && to <= of, () => `${firstRevision} has ${key} from item ${from} to ${to} of ${of}`);
    this.partsTo.set(key, to);
  }

  /** A command's events follow each other without a gap, and each key and each request has one command. */
  private follow(revision: number, metadata: EventMetadata): void {
    const { commandIndex, commandSize, idempotencyKey, part, refusedItems, $correlationId } = metadata;
    const expected = this.open?.nextIndex ?? 0;
    insist(
      commandIndex === expected,
      () => `${revision} is part ${commandIndex} of a command, not ${expected}`,
    );
    if (this.open === undefined) {
      const trace = { firstRevision: revision, size: commandSize, idempotencyKey };
      this.open = { trace, nextIndex: 0 };
      if (idempotencyKey !== undefined) claim(this.byKey, idempotencyKey, trace);
      if (idempotencyKey !== undefined && part?.from === 0) this.expectPart(trace, idempotencyKey, part);
      if (part && part.from > 0) this.followPart(trace, part, refusedItems?.length ?? 0, $correlationId);
      else if (!$correlationId.startsWith('due:')) claim(this.byCorrelation, $correlationId, trace);
    }
    const { trace } = this.open;
    insist(
      trace.size === commandSize && trace.idempotencyKey === idempotencyKey,
      () => `${revision} is not of the command that is under way`,
    );
    this.open = commandIndex + 1 === commandSize ? undefined : { trace, nextIndex: commandIndex + 1 };
  }
}

function claim(traces: Map<string, CommandTrace>, name: string, trace: CommandTrace): void {
  const other = traces.get(name);
  insist(
    other === undefined,
    () => `${name} has an effect at ${other?.firstRevision} and ${trace.firstRevision}`,
  );
  traces.set(name, trace);
}
