import { hash } from 'node:crypto';

const blockSize = 64;
const digestSize = 32;

/**
 * HMAC-SHA-256 (RFC 2104) of texts, made of two one-shot hashes over buffers that are kept: a third of the time of
 * `createHmac`, whose objects cost more than the hashing of a row. Digests are fetched as hex: a buffer takes longer.
 */
export class ShortMac {
  private readonly innerPad: Buffer;
  private readonly outer = Buffer.alloc(blockSize + digestSize);
  private inner: Buffer;

  /** @param key at most 64 bytes */
  constructor(key: Buffer) {
    if (key.length > blockSize) throw new RangeError(`a key of at most ${blockSize} bytes`);
    this.innerPad = Buffer.alloc(blockSize, 0x36);
    this.outer.fill(0x5c, 0, blockSize);
    for (const [at, byte] of key.entries()) {
      this.innerPad[at] = byte ^ 0x36;
      this.outer[at] = byte ^ 0x5c;
    }
    this.inner = this.roomFor(1024);
  }

  /** As hex. */
  of(text: string): string {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const longest = text.length * 3;
    if (this.inner.length < blockSize + longest) this.inner = this.roomFor(longest);
    const length = this.inner.write(text, blockSize);
    this.outer.write(hash('sha256', this.inner.subarray(0, blockSize + length), 'hex'), blockSize, 'hex');
    return hash('sha256', this.outer, 'hex');
  }

  private roomFor(bytes: number): Buffer {
    const room = Buffer.allocUnsafeSlow(blockSize + bytes);
    this.innerPad.copy(room);
    return room;
  }
}
