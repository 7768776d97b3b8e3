import { instruments } from '@fintech-ledger/telemetry';

/** What a writer holds in memory, in bytes, as far as it is worth counting. */
export interface HeldBytes {
  /** Events that are decided and not yet stored. */
  readonly decided: number;
  /** Records that no checkpoint has yet. */
  readonly unsaved: number;
  /** What the checkpoint has as well. */
  readonly cached: number;
  /** What becomes due. */
  readonly due: number;
}

export interface MemoryHolder {
  readonly isStopped: boolean;
  /** Nothing waits in it and nothing is under way. */
  readonly isIdle: boolean;
  /** When it had a command last, by the monotonic clock. */
  readonly usedAtMs: number;
  held(): HeldBytes;
  /** Lets go what the checkpoint has as well. */
  evict(): void;
  /** Writes a checkpoint, in the background: then more may be let go. */
  save(): void;
}

/** From this part of the budget on caches are let go, and down to that one. */
const evictFrom = 0.8;
const evictTo = 0.7;
const lookMs = 250;
/** How often it is looked at least while commands have no room. */
const fullLookMs = 20;
/** Writers that write a checkpoint for it at each look. */
const savesAtOnce = 8;
const kinds = ['decided', 'unsaved', 'cached', 'due'] as const;

/**
 * How much memory all writers of a process may hold together. What commands take that wait is counted exactly, the rest
 * is asked for from time to time. Near the end of it the caches of idle writers are let go, those first that were used
 * longest ago, and then those of others, and checkpoints are written; when that is not enough, commands are refused.
 */
export class WriterMemory {
  private readonly holders = new Set<MemoryHolder>();
  private queued = 0;
  /** Everything else, when it was looked at last. */
  private held = 0;
  private lookedAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bytesMax: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    instruments.writerMemoryLimit.record(bytesMax);
  }

  /** Looks again and again until `stop`. */
  start(): void {
    this.timer = setInterval(() => this.look(), lookMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Until it has stopped. */
  add(holder: MemoryHolder): void {
    this.holders.add(holder);
  }

  /** Commands came to a queue, or left it. */
  queue(bytes: number): void {
    this.queued += bytes;
  }

  /** Whether a command of this size may wait. */
  hasRoom(bytes: number): boolean {
    if (this.queued + this.held + bytes <= this.bytesMax) return true;
    if (this.nowMs() - this.lookedAtMs >= fullLookMs) this.look();
    if (this.queued + this.held + bytes <= this.bytesMax) return true;
    instruments.commandsWithoutMemory.add(1);
    return false;
  }

  look(): void {
    this.lookedAtMs = this.nowMs();
    const sums = { decided: 0, unsaved: 0, cached: 0, due: 0 };
    for (const holder of this.holders) {
      if (holder.isStopped) this.holders.delete(holder);
      else for (const [kind, bytes] of pairs(holder.held())) sums[kind] += bytes;
    }
    this.held = sums.decided + sums.unsaved + sums.cached + sums.due;
    if (this.queued + this.held > this.bytesMax * evictFrom) this.evict();
    for (const [kind, bytes] of pairs(sums)) instruments.writerMemory.record(bytes, { kind });
    instruments.writerMemory.record(this.queued, { kind: 'queued' });
  }

  private evict(): void {
    const [idle, busy]: [MemoryHolder[], MemoryHolder[]] = [[], []];
    for (const holder of this.holders) (holder.isIdle ? idle : busy).push(holder);
    const byUse = (a: MemoryHolder, b: MemoryHolder): number => a.usedAtMs - b.usedAtMs;
    for (const holder of [...idle.sort(byUse), ...busy.sort(byUse)]) {
      if (this.queued + this.held <= this.bytesMax * evictTo) return;
      const before = evictable(holder.held());
      if (before === 0) continue;
      holder.evict();
      this.held += evictable(holder.held()) - before;
      instruments.writerEvictions.add(1);
    }
    const unsaved = [...this.holders].map((holder) => ({ holder, bytes: holder.held().unsaved }));
    unsaved.sort((a, b) => b.bytes - a.bytes);
    for (const { holder, bytes } of unsaved.slice(0, savesAtOnce)) if (bytes > 0) holder.save();
  }
}

function pairs(held: HeldBytes): readonly (readonly [keyof HeldBytes, number])[] {
  return kinds.map((kind) => [kind, held[kind]]);
}

function evictable({ cached, due }: HeldBytes): number {
  return cached + due;
}

/** About as many bytes as a value of JSON takes in memory. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value === 'bigint') return 24;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 48;
  if (Array.isArray(value)) for (const item of value) bytes += 8 + sizeOf(item);
  else for (const name in value) bytes += 16 + sizeOf(value[name as keyof typeof value]);
  return bytes;
}

/** An entry of a map, without key and value. */
const mapEntryBytes = 64;
/** An idempotency key with its hash and its revisions, in a map. */
export const keyBytes = 300;
/** A record that becomes due, with its key and its time. */
export const dueBytes = 160;

/** How large records are on average: one of sixteen is measured, so that it costs next to nothing. */
export class RecordSizes {
  average = 500;
  private count = 0;

  note(key: string, record: unknown): void {
    this.count = (this.count + 1) % 16;
    if (this.count !== 1) return;
    this.average += (mapEntryBytes + 24 + key.length + sizeOf(record) - this.average) / 8;
  }
}
