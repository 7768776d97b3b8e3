import type { CheckpointRow, KeyRecord } from '@fintech-ledger/journal';
import { deriveKey } from '@fintech-ledger/journal';
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { Cipher, KeyObject } from 'node:crypto';
import { halfSipHash } from './half-sip-hash';
import { ShortMac } from './short-mac';

/** A row's place and version: its bucket (4 bytes, big-endian) and its MAC (12 bytes). What a page is the set of. */
export const blockBytes = 16;
export const macBytes = blockBytes - 4;
const ivBytes = 16;

/** A row as it is given, or as the database has it: numbers as texts, so that one that is written otherwise is not the same. */
type SealedRow = Omit<CheckpointRow, 'debits' | 'credits'> & {
  readonly debits?: bigint | string;
  readonly credits?: bigint | string;
};

/**
 * Everything about a checkpoint that needs the key: whoever can write to the tables, and has no key, can make none of it.
 * One key for each purpose, all from the installation's pepper.
 */
export class Seals {
  private readonly macKey: KeyObject;
  private readonly shortMac: ShortMac;
  private readonly digestKey: Buffer;
  private readonly bucketKey: readonly [number, number];
  private readonly elementCipher: Cipher;

  constructor(pepper: string) {
    const keys = deriveKey(pepper, 'checkpoint/1', 104);
    this.bucketKey = [keys.readInt32LE(0), keys.readInt32LE(4)];
    this.macKey = createSecretKey(keys.subarray(8, 40));
    this.shortMac = new ShortMac(keys.subarray(8, 40));
    this.digestKey = keys.subarray(40, 72);
    // A pseudo-random function of one block, not encryption: the same block always gives the same element.
    this.elementCipher = createCipheriv('aes-256-ecb', keys.subarray(72, 104), null).setAutoPadding(false);
  }

  /** Where a key lies, as a signed 32-bit number. Keyed, so that no client can choose keys that crowd one page. */
  bucketOf(key: string): number {
    return halfSipHash(...this.bucketKey, key);
  }

  rowMac(stream: string, row: SealedRow): Buffer {
    const { key, text, currency = '', debits = '', credits = '', dueAt } = row;
    const dueMs = dueAt === undefined ? '' : Date.parse(dueAt);
    const lengths = `${stream.length} ${key.length} ${currency.length}`;
    return this.ofRow(`row\n${lengths}\n${stream}${key}${currency}${debits} ${credits} ${dueMs}\n${text}`);
  }

  keyMac(stream: string, key: string, record: KeyRecord): Buffer {
    const { requestHash, firstRevision, lastRevision } = record;
    const lengths = `${stream.length} ${key.length}`;
    return this.ofRow(`key\n${lengths}\n${stream}${key}${firstRevision} ${lastRevision} ${requestHash}`);
  }

  /** For each block 16 bytes that nobody can foretell: what is summed into the set hash of a page. */
  elements(blocks: Buffer): Buffer {
    return this.elementCipher.update(blocks);
  }

  /** Digests are kept encrypted: whoever saw them change could solve for other sets of the same sum. */
  seal(place: string, digests: Buffer): { readonly digests: Buffer; readonly mac: Buffer } {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-ctr', this.digestKey, iv);
    const sealed = Buffer.concat([iv, cipher.update(digests)]);
    return { digests: sealed, mac: this.mac(`segment\n${place}\n`, sealed) };
  }

  /** The digests; undefined when they are not what was sealed there. */
  open(place: string, sealed: Buffer, mac: Buffer): Buffer | undefined {
    if (!this.mac(`segment\n${place}\n`, sealed).equals(mac)) return undefined;
    const cipher = createDecipheriv('aes-256-ctr', this.digestKey, sealed.subarray(0, ivBytes));
    return cipher.update(sealed.subarray(ivBytes));
  }

  headMac(description: string, segmentMacs: Iterable<Buffer>): Buffer {
    const hmac = createHmac('sha256', this.macKey).update(`head\n${description}\n`);
    for (const mac of segmentMacs) hmac.update(mac);
    return hmac.digest();
  }

  private ofRow(text: string): Buffer {
    return Buffer.from(this.shortMac.of(text).slice(0, 2 * macBytes), 'hex');
  }

  private mac(text: string, bytes: Buffer): Buffer {
    return createHmac('sha256', this.macKey).update(text).update(bytes).digest();
  }
}

/** The block of a row, as `int4send(bucket) || mac` is in SQL. */
export function blockOf(bucket: number, mac: Buffer): Buffer {
  const block = Buffer.allocUnsafe(blockBytes);
  block.writeInt32BE(bucket, 0);
  mac.copy(block, 4);
  return block;
}
