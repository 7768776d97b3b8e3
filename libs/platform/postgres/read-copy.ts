import type { Socket } from 'node:net';
import { Query } from 'pg';
import type { Connection } from 'pg';

/** Told of bytes that are overwritten once it returns. @param end exclusive */
export type OnCopied = (bytes: Buffer, start: number, end: number) => void;

/**
 * A `COPY … TO STDOUT`, whose bytes are handed over as they come. While they come they are taken from the socket here:
 * the library makes an object of each row, and puts the bytes of all together once more before that.
 */
export class ReadCopy extends Query {
  constructor(
    private readonly statement: string,
    private readonly onCopied: OnCopied,
  ) {
    super({ text: statement });
  }

  override submit = (connection: Connection): void => {
    new CopiedMessages(connection.stream as Socket, this.onCopied).begin();
    connection.query(this.statement);
  };
}

/** Types of messages, and the bytes of a type and a length before each (PostgreSQL, "Message Formats"). */
const copyData = 0x64;
const readyForQuery = 0x5a;
const headBytes = 5;
const lengthBytes = 4;

type Listener = (bytes: Buffer) => void;

/** Reads a connection until its statement has ended: what is no CopyData goes to who listened to it before. */
class CopiedMessages {
  private listeners: readonly Listener[] = [];
  /** The head of a message that has come in part. */
  private readonly head = Buffer.alloc(headBytes);
  private headHas = 0;
  private type = 0;
  /** Bytes of the message that are still to come. */
  private left = 0;

  constructor(
    private readonly socket: Socket,
    private readonly onCopied: OnCopied,
  ) {}

  begin(): void {
    this.listeners = this.socket.listeners('data') as Listener[];
    this.socket.removeAllListeners('data');
    this.socket.on('data', this.take);
  }

  private readonly take = (bytes: Buffer): void => {
    let at = 0;
    while (at < bytes.length) {
      if (this.left === 0) {
        at = this.takeHead(bytes, at);
        continue;
      }
      const end = Math.min(bytes.length, at + this.left);
      this.left -= end - at;
      if (this.type === copyData) this.onCopied(bytes, at, end);
      else if (this.type === readyForQuery && this.left === 0) {
        this.end(bytes.subarray(at));
        return;
      } else this.pass(bytes.subarray(at, end));
      at = end;
    }
  };

  /** @returns where it goes on */
  private takeHead(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + headBytes - this.headHas);
    if (this.headHas === 0 && end === at + headBytes) this.begun(bytes, at);
    else {
      this.headHas += bytes.copy(this.head, this.headHas, at, end);
      if (this.headHas < headBytes) return end;
      this.headHas = 0;
      this.begun(this.head, 0);
    }
    return end;
  }

  private begun(bytes: Buffer, at: number): void {
    this.type = bytes.readUInt8(at);
    this.left = bytes.readInt32BE(at + 1) - lengthBytes;
    // A copy: it may be kept until the rest of the message comes.
    if (this.type !== copyData) this.pass(Buffer.from(bytes.subarray(at, at + headBytes)));
  }

  private pass(bytes: Buffer): void {
    for (const listener of this.listeners) listener.call(this.socket, bytes);
  }

  /** The library may send the next statement at once. */
  private end(rest: Buffer): void {
    this.socket.removeListener('data', this.take);
    for (const listener of this.listeners) this.socket.on('data', listener);
    this.socket.emit('data', rest);
  }
}
