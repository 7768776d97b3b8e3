import { hash } from 'node:crypto';

/**
 * Counts texts without keeping them: 64 bits of their SHA-256 and a count each, 24 bytes a text at most. Two different texts that
 * share a fingerprint (one chance in 10^7 at a million texts) are counted together.
 */
export class FingerprintCounts {
  private keys = new BigUint64Array(1024);
  private counts = new Uint32Array(1024);
  private used = 0;

  /** Counts the text and returns how often it had been counted before. */
  add(text: string): number {
    if (this.used * 2 >= this.keys.length) this.grow();
    const slot = this.slotOf(fingerprint(text));
    const before = this.counts[slot] ?? 0;
    this.counts[slot] = before + 1;
    return before;
  }

  count(text: string): number {
    const key = fingerprint(text);
    const slot = this.find(key);
    return this.keys[slot] === key ? (this.counts[slot] ?? 0) : 0;
  }

  private slotOf(key: bigint): number {
    const slot = this.find(key);
    if (this.keys[slot] !== key) {
      this.keys[slot] = key;
      this.used += 1;
    }
    return slot;
  }

  private find(key: bigint): number {
    const mask = this.keys.length - 1;
    let slot = Number(key & 0xffff_ffffn) & mask;
    while (this.keys[slot] !== 0n && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new BigUint64Array(keys.length * 2);
    this.counts = new Uint32Array(keys.length * 2);
    this.used = 0;
    keys.forEach((key, i) => {
      if (key !== 0n) this.counts[this.slotOf(key)] = counts[i] ?? 0;
    });
  }
}

/** Never 0, which marks a free slot. */
function fingerprint(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigUInt64LE(0) | (1n << 63n);
}
