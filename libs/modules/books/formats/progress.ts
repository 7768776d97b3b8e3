import { progressIntervalMs } from './limits';

export interface Progress {
  /** Of the file's bytes. */
  readonly done: number;
  readonly total: number;
  readonly transactions: number;
  /** Transactions a second since the beginning. */
  readonly rate: number;
  readonly etaSeconds: number | null;
}
export type OnProgress = (progress: Progress) => void;

/** Reports how far an import has come, twice a second at most. `nowMs` is any monotonic clock. */
export class ProgressMeter {
  private readonly startedMs: number;
  private reportedMs: number;
  bytes = 0;
  transactions = 0;

  constructor(
    private readonly totalBytes: number,
    private readonly onProgress: OnProgress | undefined,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.startedMs = nowMs();
    this.reportedMs = this.startedMs;
  }

  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  tick(isLast = false): void {
    const nowMs = this.nowMs();
    if (!isLast && nowMs - this.reportedMs < progressIntervalMs) return;
    this.reportedMs = nowMs;
    const seconds = Math.max((nowMs - this.startedMs) / 1000, 0.001);
    const left = this.totalBytes - this.bytes;
    this.onProgress?.({
      done: this.bytes,
      total: this.totalBytes,
      transactions: this.transactions,
      rate: Math.round(this.transactions / seconds),
      etaSeconds: isLast ? 0 : this.bytes === 0 ? null : Math.round((left * seconds) / this.bytes),
    });
  }
}
