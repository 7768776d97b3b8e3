import { foldsOf } from '@fintech-ledger/checkpoint-store';
import { isSameJson } from '@fintech-ledger/contract';
import { otherFold } from '@fintech-ledger/journal';
import type { DomainEvent, DomainRecord, JournalDomain } from '@fintech-ledger/journal';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { revision as revisionOf } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';

/** Rows that are named as differing. */
const namedMax = 5;

interface Head {
  readonly streamId: number;
  readonly revision: number;
  readonly chainHash: string;
  /** Of other folds than those of this release: a writer folds the journal again before it uses the records. */
  readonly isOfOtherFolds: boolean;
}

interface HeadRow {
  readonly id: number;
  readonly revision: string;
  readonly hash: string;
  readonly folds: string;
}

interface Key {
  readonly first: number;
  readonly last: number;
  readonly request: string;
}

/**
 * Folds a stream up to where its writer's checkpoint stands, and holds the checkpoint's records and idempotency keys
 * against that. Keeps all of the state in memory.
 */
export class CheckpointVerifier {
  private readonly state = new Map<string, DomainRecord>();
  /** What one event says alone, for the event at hand: it is in no checkpoint. */
  private readonly brought = new Map<string, DomainRecord>();
  private readonly keys = new Map<string, Key>();
  readonly faults: string[] = [];

  private constructor(
    private readonly stream: string,
    private readonly domain: JournalDomain<unknown, DomainEvent, DomainRecord>,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly head: Head,
  ) {}

  /** Undefined: the stream's writer has no checkpoint. */
  static async of(
    sql: Sql,
    stream: string,
    domain: JournalDomain<unknown, DomainEvent, DomainRecord>,
    store: Pick<EventStore, 'readStream'>,
  ): Promise<CheckpointVerifier | undefined> {
    const { rows } = await sql.query<HeadRow>(
      'select stream_id as id, revision, chain_hash as hash, folds from writer.heads where stream = $1 and is_live',
      [stream],
    );
    const [head] = rows;
    if (head === undefined) return undefined;
    const { id: streamId, revision, hash: chainHash, folds } = head;
    const isOfOtherFolds = otherFold(domain, foldsOf({ folds })) !== undefined;
    const known = { streamId, revision: Number(revision), chainHash, isOfOtherFolds };
    return new CheckpointVerifier(stream, domain, store, known);
  }

  /** Whether its records are not compared: a release folded them that did it otherwise, and none uses them. */
  get isOfOtherFolds(): boolean {
    return this.head.isOfOtherFolds;
  }

  /** The next event of the stream. @throws BrokenInvariant it contradicts those before it */
  async take(recorded: RecordedEvent): Promise<void> {
    const { revision } = recorded;
    if (revision > this.head.revision) return;
    const metadata = JSON.parse(recorded.metadata) as EventMetadata;
    const event = this.read(recorded, metadata);
    for (const key of this.domain.events.touches(event)) await this.bring(key);
    const at = { stream: this.stream, revision, recordedAt: metadata.recordedAt };
    const view = { get: (key: string) => this.state.get(key) ?? this.brought.get(key) };
    for (const { key, record } of this.domain.evolve(view, event, at)) this.state.set(key, record);
    this.brought.clear();
    const { idempotencyKey, commandIndex, commandSize, requestHash = '' } = metadata;
    if (idempotencyKey !== undefined && commandIndex === 0)
      this.keys.set(idempotencyKey, {
        first: revision,
        last: revision + commandSize - 1,
        request: requestHash,
      });
    if (revision === this.head.revision && metadata.hash !== this.head.chainHash)
      this.faults.push(
        `its checkpoint's hash is ${this.head.chainHash}, that of revision ${revision} is ${metadata.hash}`,
      );
  }

  /** Call it after the last event: what the checkpoint has that the events don't say, or say otherwise. */
  async check(sql: Sql): Promise<readonly string[]> {
    if (!this.isOfOtherFolds) await this.checkRecords(sql);
    await this.checkKeys(sql);
    return this.faults;
  }

  private read({ type, data }: RecordedEvent, { version }: EventMetadata): DomainEvent {
    const event = this.domain.events.read(type, version, JSON.parse(data) as object);
    if (typeof event === 'string') throw new Error(`its type is not known here (${event})`);
    return event;
  }

  /** What one event says alone is read again. */
  private async bring(key: string): Promise<void> {
    if (this.state.has(key)) return;
    const revision = this.domain.revisionOf(key, this.stream);
    if (revision === undefined) return;
    const [recorded] = await this.store.readStream(this.stream, { from: revisionOf(revision), limit: 1 });
    if (recorded?.revision !== revision) return;
    const event = this.read(recorded, JSON.parse(recorded.metadata) as EventMetadata);
    const record = this.domain.recordFrom(key, event);
    if (record !== undefined) this.brought.set(key, record);
  }

  private async checkRecords(sql: Sql): Promise<void> {
    const { rows } = await sql.query<{ key: string; record: string; sides: string | null }>(
      `select key, record, currency || ' ' || debits || ' ' || credits as sides
         from writer.accounts where stream_id = $1
       union all select key, record, null from writer.records where stream_id = $1`,
      [this.head.streamId],
    );
    const missing = new Set(this.state.keys());
    for (const { key, record, sides } of rows) {
      missing.delete(key);
      const made = this.state.get(key);
      const fault = made === undefined ? 'no event says so' : this.faultOf(key, record, sides, made);
      if (fault !== undefined) this.note(`its checkpoint's record ${key} does not hold: ${fault}`);
    }
    for (const key of missing) this.note(`its checkpoint's record ${key} does not hold: it is missing`);
  }

  private faultOf(key: string, text: string, sides: string | null, made: DomainRecord): string | undefined {
    const { text: should, columns } = this.domain.encode(made);
    let is: string;
    try {
      // An older release may have written it otherwise.
      is = text === should ? should : this.domain.encode(this.domain.decode(key, text)).text;
    } catch {
      return 'it can not be read';
    }
    if (!saysTheSame(is, should)) return `it is ${is.slice(0, 200)}, the events give ${should.slice(0, 200)}`;
    const { currency, debits, credits } = columns ?? {};
    const sums = currency === undefined ? null : `${currency} ${String(debits)} ${String(credits)}`;
    return sides === sums ? undefined : `its sums are ${String(sides)}, the events give ${String(sums)}`;
  }

  private async checkKeys(sql: Sql): Promise<void> {
    const { rows } = await sql.query<{ key: string; first: string; last: string; request: string }>(
      `select key, first_revision as first, last_revision as last, request_hash as request
         from writer.idempotency_keys where stream_id = $1`,
      [this.head.streamId],
    );
    const missing = new Map(this.keys);
    for (const { key, first, last, request } of rows) {
      missing.delete(key);
      const made = this.keys.get(key);
      const holds = made?.first === Number(first) && made.last === Number(last) && made.request === request;
      if (holds) continue;
      const should =
        made === undefined ? 'no event has it' : `the events give revisions ${made.first} to ${made.last}`;
      this.note(`its idempotency key ${key} does not hold: ${should}`);
    }
    for (const [key, { first }] of missing)
      this.note(`its idempotency key ${key} of revision ${first} does not hold: it is missing`);
  }

  private note(fault: string): void {
    if (this.faults.length < namedMax) this.faults.push(fault);
  }
}

/** A record that was folded as its event was decided has its members in another order than one of the stored event. */
function saysTheSame(one: string, other: string): boolean {
  return one === other || isSameJson(JSON.parse(one), JSON.parse(other));
}
