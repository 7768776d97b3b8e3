import fc from 'fast-check';
import { formatApiKey, newApiKeyId, parseApiKey } from './api-key';

const id = newApiKeyId(1_800_000_000_000, Buffer.from('0a0b0c0d0e0f', 'hex'));
const token = formatApiKey(id, Buffer.alloc(32, 7));

describe('an API key', () => {
  it('names its id', () => {
    expect(parseApiKey(token)).toEqual({ apiKeyId: id });
  });

  it('is told apart from one with any character changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: token.length - 1 }),
        fc.constantFrom(...'Zz09aB'),
        (at, other) => {
          fc.pre(token.charAt(at) !== other);
          expect(parseApiKey(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
        },
      ),
    );
  });

  it.each(['', 'sk_', token.slice(0, -1), `${token}0`, token.replace('sk_', 'pk_'), `${token}\n`])(
    'refuses %j',
    (text) => {
      expect(parseApiKey(text)).toBeUndefined();
    },
  );

  it('has ids that sort by age', () => {
    const random = Buffer.alloc(6, 0xff);
    expect(newApiKeyId(1_800_000_000_001, Buffer.alloc(6)) > newApiKeyId(1_800_000_000_000, random)).toBe(
      true,
    );
  });
});
