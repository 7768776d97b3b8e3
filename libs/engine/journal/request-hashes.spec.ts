import { erasedFields, RequestHashes } from './known-keys';

const plain = 'a'.repeat(64);
const personal = 'b'.repeat(64);
const hashes = new RequestHashes('a pepper of at least 32 characters');

describe('what is kept of a request', () => {
  it('is keyed: without the pepper nobody can say what a hash is of', () => {
    const kept = hashes.keyed(plain);
    expect(kept).toMatch(/^k1\.[0-9a-f]{64}$/);
    expect(kept).not.toContain(plain);
    expect(hashes.keyed(plain)).toBe(kept);
    expect(new RequestHashes('another pepper of at least 32 chars').keyed(plain)).not.toBe(kept);
  });

  it('is found again for the same request, and for no other', () => {
    expect(hashes.isSame(hashes.keyed(plain), hashes.keyed(plain))).toBe(true);
    expect(hashes.isSame(hashes.keyed(plain), hashes.keyed(personal))).toBe(false);
  });

  it('may be a plain hash, as earlier versions kept it', () => {
    expect(hashes.isSame(plain, hashes.keyed(plain))).toBe(true);
    expect(hashes.isSame(personal, hashes.keyed(plain))).toBe(false);
    expect(hashes.isSame('', hashes.keyed(plain))).toBe(false);
  });

  it('has a part of its own for personal fields, which counts until their key is destroyed', () => {
    const kept = hashes.keyed(`${plain}.${personal}`);
    const isSame = (asked: string): boolean => hashes.isSame(kept, hashes.keyed(asked));
    expect(isSame(`${plain}.${personal}`)).toBe(true);
    expect(isSame(`${plain}.${plain}`)).toBe(false);
    expect(isSame(plain)).toBe(false);
    expect(isSame(`${plain}.${erasedFields}`)).toBe(true);
    expect(isSame(`${personal}.${erasedFields}`)).toBe(false);
  });

  it('of a request without personal fields is not that of one whose fields are erased', () => {
    expect(hashes.isSame(hashes.keyed(plain), hashes.keyed(`${plain}.${erasedFields}`))).toBe(false);
  });
});
