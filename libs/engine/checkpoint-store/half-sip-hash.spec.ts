import { halfSipHash } from './half-sip-hash';

/** From the reference implementation: the key is 00 01 … 07, the input 00 01 … of so many bytes. */
const vectors: readonly (readonly [bytes: number, hash: string])[] = [
  [0, 'a9359f5b'],
  [2, 'fa62a603'],
  [4, '2a6e4689'],
];

it.each(vectors)('is HalfSipHash-2-4, of %i bytes', (bytes, expected) => {
  const text = Buffer.from(Array.from({ length: bytes }, (_, i) => i)).toString('utf16le');
  const hash = Buffer.alloc(4);
  hash.writeInt32LE(halfSipHash(0x03020100, 0x07060504, text));
  expect(hash.toString('hex')).toBe(expected);
});

it('spreads texts that are alike over all buckets', () => {
  const counts = new Array<number>(64).fill(0);
  for (let i = 0; i < 64_000; i += 1) {
    const bucket = halfSipHash(1, 2, `a:users/${i}`) >>> 26;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});
