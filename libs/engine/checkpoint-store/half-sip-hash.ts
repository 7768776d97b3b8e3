/**
 * HalfSipHash-2-4 (Aumasson and Bernstein) of a text's UTF-16LE bytes, as a signed 32-bit number: a keyed hash for places in a table, a fifth of
 * the cost of a SHA-256. It authenticates nothing here.
 */
export function halfSipHash(key0: number, key1: number, text: string): number {
  let [v0, v1, v2, v3] = [key0, key1, 0x6c796765 ^ key0, 0x74656462 ^ key1];
  const round = (): void => {
    v0 = (v0 + v1) | 0;
    v1 = (v1 << 5) | (v1 >>> 27);
    v1 ^= v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = (v3 << 8) | (v3 >>> 24);
    v3 ^= v2;
    v0 = (v0 + v3) | 0;
    v3 = (v3 << 7) | (v3 >>> 25);
    v3 ^= v0;
    v2 = (v2 + v1) | 0;
    v1 = (v1 << 13) | (v1 >>> 19);
    v1 ^= v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  };
  const absorb = (word: number): void => {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  };
  const { length } = text;
  let at = 0;
  for (; at + 1 < length; at += 2) absorb(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  absorb(((2 * length) << 24) | (at < length ? text.charCodeAt(at) : 0));
  v2 ^= 0xff;
  for (let i = 0; i < 4; i += 1) round();
  return v1 ^ v3;
}
