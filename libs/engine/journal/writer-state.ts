import { BoundedMap, BrokenInvariant } from '@fintech-ledger/contract';
import type { KeyRecord } from './checkpoint-store';
import type { DomainEvent, DomainRecord, JournalDomain, RecordChange, RecordView } from './domain';
import { keyBytes, RecordSizes } from './writer-memory';

/** `null`: it is known that there is no such record. */
type Known<R> = R | null;

/**
 * A writer's records in layers, each hiding the ones below: speculative (decided, not yet stored) · pinned (loaded for
 * the commands at hand) · dirty (stored, not in the checkpoint) · flushing (on its way to the checkpoint) · clean (a
 * bounded cache of what the checkpoint has).
 */
export class WriterState<R extends DomainRecord> implements RecordView<R> {
  private readonly speculative = new Map<string, R>();
  private readonly pinned = new Map<string, Known<R>>();
  private dirty = new Map<string, R>();
  private flushing = new Map<string, R>();
  private readonly clean: BoundedMap<string, R>;

  private dirtyKeys = new Map<string, KeyRecord>();
  private flushingKeys = new Map<string, KeyRecord>();
  private readonly cleanKeys: BoundedMap<string, KeyRecord>;
  /** Idempotency keys of the commands at hand, as they were looked up. */
  private readonly pinnedKeys = new Map<string, Known<KeyRecord>>();

  private readonly sizes = new RecordSizes();
  private isWhole = true;
  /** What is held, and is only decided yet: it is pinned when it is stored. */
  private readonly heldSpeculative = new Set<string>();
  /** How many loads are under way whose records must stay. */
  private pinners = 0;

  constructor(recordsMax: number, keysMax: number) {
    this.clean = new BoundedMap(recordsMax);
    this.cleanKeys = new BoundedMap(keysMax);
  }

  get(key: string): R | undefined {
    return this.speculative.get(key) ?? this.confirmed(key) ?? undefined;
  }

  /** Whether it is in memory what this key holds, or that it holds nothing. */
  has(key: string): boolean {
    return this.speculative.has(key) || this.confirmed(key) !== undefined;
  }

  /**
   * True while memory holds every record since the stream's first event, and looking at some can't push out others:
   * then what is not here does not exist, and what is here stays until a command is decided.
   */
  get isComplete(): boolean {
    return this.isWhole && !this.clean.isLossy;
  }

  /** The same of idempotency keys. */
  get hasAllKeys(): boolean {
    return this.isWhole && !this.cleanKeys.isLossy;
  }

  /** Whether some of it is on its way to the checkpoint. */
  get isFlushing(): boolean {
    return this.flushing.size > 0 || this.flushingKeys.size > 0;
  }

  keyRecord(key: string): KeyRecord | undefined {
    return (
      this.dirtyKeys.get(key) ??
      this.flushingKeys.get(key) ??
      this.pinnedKeys.get(key) ??
      this.cleanKeys.get(key)
    );
  }

  knowsKey(key: string): boolean {
    return this.hasAllKeys || this.keyRecord(key) !== undefined || this.pinnedKeys.has(key);
  }

  /** From now on what is not in memory must be looked up: the state was not built here from the first event. */
  becomePartial(): void {
    this.isWhole = false;
  }

  /** From now until the matching `unpin`, what is taken in or held stays in memory. */
  startPinning(): void {
    this.pinners += 1;
  }

  /** Takes in what the checkpoint (or the journal) said of a key, and keeps it until `unpin`. */
  pin(key: string, record: Known<R>): void {
    this.checkPinning(key);
    this.pinned.set(key, record);
    if (record === null) return;
    this.clean.set(key, record);
    this.sizes.note(key, record);
  }

  /** Keeps what is known now, so that taking in other records can't push it out before the decision. */
  hold(key: string): void {
    this.checkPinning(key);
    if (this.pinned.has(key)) return;
    const record = this.confirmed(key);
    if (record !== undefined) this.pinned.set(key, record);
    else if (this.speculative.has(key)) this.heldSpeculative.add(key);
  }

  unpin(): void {
    if (this.pinners === 0) throw new BrokenInvariant('records were unpinned that nobody pinned');
    this.pinners -= 1;
    if (this.pinners > 0) return;
    this.pinned.clear();
    this.pinnedKeys.clear();
    this.heldSpeculative.clear();
  }

  pinKey(key: string, record: KeyRecord | undefined): void {
    this.checkPinning(key);
    this.pinnedKeys.set(key, record ?? null);
    if (record) this.cleanKeys.set(key, record);
  }

  holdKey(key: string): void {
    this.checkPinning(key);
    const record = this.keyRecord(key);
    if (record) this.pinnedKeys.set(key, record);
  }

  speculate(changes: readonly RecordChange<R>[]): void {
    for (const { key, record } of changes) this.speculative.set(key, record);
  }

  undoSpeculation(): void {
    this.speculative.clear();
  }

  /** What was speculated, or read from the journal, is stored now. */
  confirm(changes: readonly RecordChange<R>[]): void {
    for (const { key, record } of changes) {
      this.dirty.set(key, record);
      this.sizes.note(key, record);
      if (this.isHeld(key)) this.pinned.set(key, record);
      if (this.speculative.get(key) === record) this.speculative.delete(key);
    }
  }

  private isHeld(key: string): boolean {
    if (this.pinned.size > 0 && this.pinned.has(key)) return true;
    return this.heldSpeculative.size > 0 && this.heldSpeculative.has(key);
  }

  confirmKey(key: string, record: KeyRecord): void {
    this.dirtyKeys.set(key, record);
    if (this.pinnedKeys.size > 0 && this.pinnedKeys.has(key)) this.pinnedKeys.set(key, record);
  }

  get dirtyCount(): number {
    return this.dirty.size + this.dirtyKeys.size;
  }

  /** Records that the checkpoint may not have yet. */
  *unsavedRecords(): Generator<readonly [string, R]> {
    yield* this.flushing;
    yield* this.dirty;
  }

  /** Everything dirty, for a checkpoint; `flushed` or `flushFailed` must follow. */
  startFlush(): { readonly records: ReadonlyMap<string, R>; readonly keys: ReadonlyMap<string, KeyRecord> } {
    if (this.isFlushing) {
      throw new BrokenInvariant(
        'a checkpoint was begun while another one is written: its records would be lost',
      );
    }
    this.flushing = this.dirty;
    this.flushingKeys = this.dirtyKeys;
    this.dirty = new Map();
    this.dirtyKeys = new Map();
    return { records: this.flushing, keys: this.flushingKeys };
  }

  flushed(): void {
    for (const [key, record] of this.flushing) this.clean.set(key, record);
    for (const [key, record] of this.flushingKeys) this.cleanKeys.set(key, record);
    this.flushing = new Map();
    this.flushingKeys = new Map();
  }

  flushFailed(): void {
    this.dirty = new Map([...this.flushing, ...this.dirty]);
    this.dirtyKeys = new Map([...this.flushingKeys, ...this.dirtyKeys]);
    [this.flushing, this.flushingKeys] = [new Map(), new Map()];
  }

  /** Forgets everything, to be loaded again. A flush under way writes all that it has; its end changes nothing here. */
  clear(): void {
    [this.dirty, this.flushing] = [new Map(), new Map()];
    [this.dirtyKeys, this.flushingKeys] = [new Map(), new Map()];
    for (const layer of [this.speculative, this.pinned, this.clean, this.heldSpeculative]) layer.clear();
    for (const layer of [this.pinnedKeys, this.cleanKeys]) layer.clear();
    this.isWhole = true;
  }

  /** About as many bytes as it holds, besides what is speculative or pinned. */
  get held(): { readonly unsaved: number; readonly cached: number } {
    const { average } = this.sizes;
    return {
      unsaved:
        (this.dirty.size + this.flushing.size) * average +
        (this.dirtyKeys.size + this.flushingKeys.size) * keyBytes,
      cached: this.clean.size * average + this.cleanKeys.size * keyBytes,
    };
  }

  /** Lets go what the checkpoint has, unless commands at hand may need it. */
  evict(): void {
    if (this.pinners > 0 || (this.clean.size === 0 && this.cleanKeys.size === 0)) return;
    this.becomePartial();
    this.clean.clear();
    this.cleanKeys.clear();
  }

  /** What is pinned outside of a load would stay for ever, and hide what is stored later. */
  private checkPinning(key: string): void {
    if (this.pinners === 0) throw new BrokenInvariant(`${key} was pinned outside of a load`);
  }

  private confirmed(key: string): Known<R> | undefined {
    const layered = this.pinned.size > 0 ? this.pinned.get(key) : undefined;
    return (
      layered ??
      this.dirty.get(key) ??
      this.flushing.get(key) ??
      (layered === null ? null : this.clean.get(key))
    );
  }
}

/** What an event changes. @throws BrokenInvariant that names the event */
export function evolveEvent<C, E extends DomainEvent, R extends DomainRecord>(
  domain: JournalDomain<C, E, R>,
  state: RecordView<R>,
  event: E,
  at: { readonly stream: string; readonly revision: number; readonly recordedAt: string },
): readonly RecordChange<R>[] {
  try {
    return domain.evolve(state, event, at);
  } catch (error) {
    if (error instanceof BrokenInvariant) error.message = `${at.stream}@${at.revision}: ${error.message}`;
    throw error;
  }
}
