import { isAscii } from 'node:buffer';
import { globalPosition, revision } from '../../port';
import type { EventBytes } from '../../event-bytes';
import type { RecordedEvent } from '../../port';
import { damaged } from './read-ranges';
import type { Range } from './read-ranges';

const fields = 5;
/** A signature, flags and the length of an extension, of which there is none. */
const headerBytes = 19;
const end = -1;

/**
 * The events of a COPY in binary format of revision, id, type, metadata and data. What is no text is overwritten with
 * zeros, so that one look tells whether all is ASCII.
 * @throws Error the store is damaged
 */
export function eventsInCopy(copied: Buffer, runs: readonly Range[]): readonly RecordedEvent[] {
  const events: CopiedEvent[] = [];
  const copy = { bytes: copied, isAscii: false };
  const rows = new BinaryRows(copied);
  for (const run of runs) {
    for (let at = run.low; at <= run.high; at += 1) {
      if (rows.next() !== fields || rows.wholeNumber() !== at) throw damaged(run, at);
      const id = rows.field();
      const type = rows.field();
      const metadata = rows.field();
      const data = rows.field();
      events.push(new CopiedEvent(copy, run, at, id, type, metadata, data, rows.at));
    }
  }
  if (rows.next() !== end) throw new Error('more events than were asked for');
  copied.fill(0, 0, headerBytes);
  copied.fill(0, rows.at);
  copy.isAscii = isAscii(copied);
  return events;
}

/** Rows, each of as many fields as it says, and each field behind its length in bytes. */
class BinaryRows {
  at = headerBytes;

  constructor(private readonly bytes: Buffer) {}

  /** How many fields the next row has. */
  next(): number {
    const { at, bytes } = this;
    if (at + 2 > bytes.length) return end;
    const count = bytes.readInt16BE(at);
    if (count === end) return end;
    bytes[at] = 0;
    bytes[at + 1] = 0;
    this.at += 2;
    return count;
  }

  wholeNumber(): number {
    const { bytes } = this;
    const start = this.field();
    const number = bytes.readInt32BE(start) * 2 ** 32 + bytes.readUInt32BE(start + 4);
    bytes.fill(0, start, this.at);
    return number;
  }

  /** Where its content begins; the row goes on where it ends. */
  field(): number {
    const { at, bytes } = this;
    const length = bytes.readInt32BE(at);
    for (let zeroed = at; zeroed < at + lengthBytes; zeroed += 1) bytes[zeroed] = 0;
    this.at = at + lengthBytes + length;
    return at + lengthBytes;
  }
}

const lengthBytes = 4;

interface Copy {
  readonly bytes: Buffer;
  isAscii: boolean;
}

/**
 * An event by its places in the buffer. Its texts are made whenever they are asked for, and not kept: those of a batch
 * would all be there at once, and the collector would move them again and again.
 */
class CopiedEvent implements RecordedEvent, EventBytes {
  constructor(
    private readonly copy: Copy,
    private readonly range: Range,
    private readonly at: number,
    private readonly idStart: number,
    private readonly typeStart: number,
    readonly metadataStart: number,
    readonly dataStart: number,
    readonly dataEnd: number,
  ) {}

  get stream(): string {
    return this.range.stream;
  }

  get revision(): RecordedEvent['revision'] {
    return revision(this.at);
  }

  get position(): RecordedEvent['position'] {
    return globalPosition(String(this.at + this.range.offset));
  }

  get id(): string {
    return this.text(this.idStart, this.typeStart - lengthBytes);
  }

  get type(): string {
    return this.text(this.typeStart, this.metadataStart - lengthBytes);
  }

  get metadata(): string {
    return this.text(this.metadataStart, this.metadataEnd);
  }

  get data(): string {
    return this.text(this.dataStart, this.dataEnd);
  }

  get bytes(): EventBytes {
    return this;
  }

  get source(): Buffer {
    return this.copy.bytes;
  }

  get metadataEnd(): number {
    return this.dataStart - lengthBytes;
  }

  /** Of ASCII a string is made in a quarter of the time. */
  private text(start: number, stop: number): string {
    return this.copy.bytes.toString(this.copy.isAscii ? 'latin1' : 'utf8', start, stop);
  }
}
