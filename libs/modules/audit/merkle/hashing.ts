import { hash } from 'node:crypto';

/** Bytes of a hash. */
export const hashBytes = 32;

/** The root of a tree without leaves: the hash of nothing (RFC 9162, 2.1.1). */
export const emptyRoot: Buffer = Buffer.from(hash('sha256', '', 'hex'), 'hex');

/** What is hashed next: a mark and one hash or two. A call with all of it costs a quarter of a `Hash` object. */
const marked = Buffer.alloc(1 + 2 * hashBytes);
const leafMark = 0;
const nodeMark = 1;

/** The hash of a leaf: SHA-256 of a zero and its data (RFC 9162, 2.1.1), which are an event's hash here. */
export function leafHash(data: Uint8Array): Buffer {
  const input =
    data.length <= 2 * hashBytes ? marked.subarray(0, 1 + data.length) : Buffer.alloc(1 + data.length);
  input[0] = leafMark;
  input.set(data, 1);
  return hash('sha256', input, 'buffer');
}

/** The hash of what is above two others: SHA-256 of a one and both, the left one first. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  marked[0] = nodeMark;
  marked.set(left, 1);
  marked.set(right, 1 + left.length);
  return hash('sha256', marked, 'buffer');
}
