/** What 2,000 events have most often. */
const firstBytes = 3 * 1024 * 1024;
/** One that had to be larger is not kept. */
const keptBytesMax = 4 * firstBytes;

/**
 * Buffers that are used again. New megabytes with each batch have the collector mark the whole heap, ten times a second
 * in each thread that fills.
 */
export class SpareBytes {
  private readonly spare: CopiedBytes[] = [];

  take(): CopiedBytes {
    return this.spare.pop() ?? new CopiedBytes();
  }

  giveBack(bytes: readonly CopiedBytes[]): void {
    for (const one of bytes) if (one.size <= keptBytesMax && this.spare.length < 2) this.spare.push(one);
  }
}

/** The bytes of a COPY, put together: see `Database.copyTo`. */
export class CopiedBytes {
  private buffer = Buffer.allocUnsafe(firstBytes);
  private length = 0;

  /** Again: what it had is overwritten. */
  begin(): this {
    this.length = 0;
    return this;
  }

  readonly add = (bytes: Buffer, start: number, end: number): void => {
    const length = this.length + end - start;
    if (length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    bytes.copy(this.buffer, this.length, start, end);
    this.length = length;
  };

  get size(): number {
    return this.buffer.length;
  }

  all(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}
