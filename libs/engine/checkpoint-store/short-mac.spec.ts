import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { ShortMac } from './short-mac';

const expected = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');

describe('a MAC of short texts', () => {
  it('is that of RFC 4231', () => {
    expect(new ShortMac(Buffer.from('Jefe')).of('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('is HMAC-SHA-256, whatever was before it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('€'.repeat(2000)))),
        (bytes, texts) => {
          const key = Buffer.from(bytes);
          const mac = new ShortMac(key);
          for (const text of texts) expect(mac.of(text)).toBe(expected(key, text));
        },
      ),
    );
  });

  it('refuses a key that would have to be hashed first', () => {
    expect(() => new ShortMac(Buffer.alloc(65))).toThrow('at most 64 bytes');
  });
});
