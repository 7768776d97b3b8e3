import { StoreUnavailable } from '@fintech-ledger/event-store';
import { BrokenInvariant } from '@fintech-ledger/contract';
import type { CheckpointStore, LoadedRecords } from './checkpoint-store';
import type { DomainEvent, DomainRecord, JournalDomain } from './domain';
import type { Pending } from './batch';
import { readJournal } from './journal-reader';
import type { JournalEvent } from './journal-reader';
import { journalLimits } from './limits';
import type { WriterState } from './writer-state';
import type { JournalStore } from './writer-dependencies';

/** The checkpoint stands for a later state than this writer has: it must read the journal's tail before it goes on. */
export class CheckpointAhead extends Error {
  override readonly name = 'CheckpointAhead';
}
/** The checkpoint that this writer's cold records were in is gone. */
export class CheckpointGone extends Error {
  override readonly name = 'CheckpointGone';
}

/** What a command reads is named by what it has read: records that lead to one another, at most so many. */
const roundsMax = 10;

/** What a command at hand is of. */
type AtHand<C> = Pick<Pending<C>, 'awaited' | 'envelope'>;

/** Brings the records that commands will read into memory: from the checkpoint, or from the one event that says all of them. */
export class RecordLoader<C, E extends DomainEvent, R extends DomainRecord> {
  constructor(
    private readonly stream: string,
    private readonly deps: {
      readonly domain: JournalDomain<C, E, R>;
      readonly eventStore: JournalStore;
      readonly checkpoints: CheckpointStore;
    },
    private readonly state: WriterState<R>,
    /** The writer's confirmed revision, now. */
    private readonly confirmedRevision: () => number,
    /** The revision of the last checkpoint that this writer knows; null: none. */
    private readonly checkpointRevision: () => number | null,
  ) {}

  /**
   * True when a command needs what is not in memory. What is there is held (see `startPinning`): looking at one record
   * may push another one out of a full cache.
   */
  isMissing(pending: AtHand<C>): boolean {
    const { idempotencyKey } = pending.envelope;
    if (idempotencyKey !== undefined) {
      if (!this.state.knowsKey(idempotencyKey)) return true;
      if (!this.state.hasAllKeys) this.state.holdKey(idempotencyKey);
    }
    for (const key of this.readsOf(pending)) {
      if (!this.knows(key)) return true;
      if (!this.state.isComplete) this.state.hold(key);
    }
    return false;
  }

  /** Keeps what a command reads, which is in memory, until `unpin`: it is decided over several turns. */
  hold(pending: AtHand<C>): void {
    for (const key of this.readsOf(pending)) this.state.hold(key);
  }

  /** What is answered with the end of a call reads only how far that is. */
  private readsOf({ awaited, envelope: { command } }: AtHand<C>): readonly string[] {
    return awaited === undefined ? this.deps.domain.reads(command, this.state) : [awaited.record];
  }

  /** @throws StoreUnavailable, CheckpointCorrupt, CheckpointAhead, CheckpointGone */
  async loadForCommands(group: readonly AtHand<C>[]): Promise<void> {
    for (let round = 0; round < roundsMax; round += 1) {
      const keys = new Set<string>();
      const idempotencyKeys = new Set<string>();
      for (const pending of group) {
        const { idempotencyKey } = pending.envelope;
        if (idempotencyKey !== undefined) {
          if (this.state.knowsKey(idempotencyKey)) this.state.holdKey(idempotencyKey);
          else idempotencyKeys.add(idempotencyKey);
        }
        for (const key of this.readsOf(pending)) {
          if (this.knows(key)) this.state.hold(key);
          else keys.add(key);
        }
      }
      if (keys.size === 0 && idempotencyKeys.size === 0) return;
      await Promise.all([this.loadRecords([...keys]), this.loadKeys([...idempotencyKeys])]);
    }
    throw new BrokenInvariant(`a command of ${this.stream} names new records for ever`);
  }

  /** What folding these events, the next ones of the journal, reads. */
  async loadForReplay(page: readonly JournalEvent<E>[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { event } of page) {
      for (const key of this.deps.domain.events.touches(event)) {
        if (this.knows(key)) this.state.hold(key);
        else if (!this.takeFromPage(key, page)) unknown.add(key);
      }
    }
    await this.loadRecords([...unknown]);
  }

  /** True for a record that one of these events alone says. */
  private takeFromPage(key: string, page: readonly JournalEvent<E>[]): boolean {
    const { domain } = this.deps;
    const revision = domain.revisionOf(key, this.stream);
    const first = page[0]?.recorded.revision;
    if (revision === undefined || first === undefined) return false;
    const at = page[revision - first];
    const record = at?.recorded.revision === revision ? domain.recordFrom(key, at.event) : undefined;
    if (record === undefined) return false;
    this.state.pin(key, record);
    return true;
  }

  /** A record that its event alone says leaves nothing in memory, so its absence there says nothing. */
  private knows(key: string): boolean {
    if (this.state.isComplete && this.deps.domain.revisionOf(key, this.stream) === undefined) return true;
    return this.state.has(key);
  }

  private async loadRecords(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const { domain, checkpoints } = this.deps;
    const records = await this.loadCurrent(async () => {
      const { headRevision, found } = await checkpoints.loadRecords(this.stream, keys);
      this.checkNotAhead(headRevision);
      const read = async (key: string): Promise<readonly [string, R | null]> => {
        const text = found.get(key);
        return [key, text === undefined ? await this.recordFromJournal(key) : domain.decode(key, text)];
      };
      return { headRevision, found: new Map(await Promise.all(keys.map(read))) };
    });
    for (const [key, record] of records) {
      // What was stored while this was being loaded is newer than what was loaded.
      if (!this.state.has(key)) this.state.pin(key, record);
    }
  }

  private async recordFromJournal(key: string): Promise<R | null> {
    const revision = this.deps.domain.revisionOf(key, this.stream);
    if (revision === undefined || revision > this.confirmedRevision()) return null;
    const { domain, eventStore } = this.deps;
    const [at] = await readJournal(eventStore, domain.events, this.stream, revision, 1);
    return (at && domain.recordFrom(key, at.event)) ?? null;
  }

  private async loadKeys(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const found = await this.loadCurrent(() => this.deps.checkpoints.loadKeys(this.stream, keys));
    for (const key of keys) this.state.pinKey(key, found.get(key));
  }

  /**
   * Loads again when this writer's checkpoint went on meanwhile: what was loaded may be older than what memory has let go since.
   * @throws CheckpointGone, CheckpointAhead · StoreUnavailable when it never catches up
   */
  private async loadCurrent<T>(load: () => Promise<LoadedRecords<T>>): Promise<ReadonlyMap<string, T>> {
    for (let attempt = 0; attempt < journalLimits.loadAttemptsMax; attempt += 1) {
      const known = this.checkpointRevision();
      const { headRevision, found } = await load();
      if (known !== null && (headRevision === null || headRevision < known)) {
        throw new CheckpointGone(
          `the checkpoint of ${this.stream} went from ${known} to ${headRevision ?? 'none'}`,
        );
      }
      this.checkNotAhead(headRevision);
      const knownNow = this.checkpointRevision();
      if (knownNow === known || knownNow === headRevision) return found;
    }
    throw new StoreUnavailable(`the checkpoint of ${this.stream} is written faster than it is read`);
  }

  private checkNotAhead(headRevision: number | null): void {
    if (headRevision !== null && headRevision > this.confirmedRevision()) {
      throw new CheckpointAhead(`the checkpoint of ${this.stream} is at ${headRevision}`);
    }
  }
}
