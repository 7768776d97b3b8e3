import fc from 'fast-check';
import { formatApiKey, newApiKeyId, parseApiKey } from './api-key';

const id = newApiKeyId(1_800_000_000_000, Buffer.from('0a0b0c0d0e0f', 'hex'));
const token = formatApiKey(id, Buffer.alloc(32, 7));

describe('an API key', () => {
  it('names its id', () => {
    expect(parseApiKey(token)).toEqual({ apiKeyId: id });
  });

  it.each([
    [undefined, 'sk_'],
    ['live', 'sk_live_'],
    ['test', 'sk_test_'],
  ] as const)('of the mode %s begins with %s, and is no key of another mode', (mode, prefix) => {
    const key = formatApiKey(id, Buffer.alloc(32, 7), mode);
    expect(parseApiKey(key)).toEqual({ apiKeyId: id });
    const rest = key.slice(prefix.length);
    expect(rest).toMatch(/^[0-9A-Za-z]{65}$/);
    for (const other of ['sk_', 'sk_live_', 'sk_test_', 'sk_Live_', 'sk_prod_'].filter(
      (one) => one !== prefix,
    ))
      expect(parseApiKey(other + rest)).toBeUndefined();
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
