import { randomBytes } from 'node:crypto';
import { pepperWeakness } from './pepper-weakness';

describe('the weakness of a pepper', () => {
  it.each([
    ['too short', 'Zx8!kq2L0pW7vR3t'],
    ['one character', 'x'.repeat(40)],
    ['few characters', 'abcabcaabbccabcbacbacbacbabcabcaa'],
    ['a word again and again', 'changeme-please'.repeat(3)],
    ['a text twice', 'correct-horse-battery'.repeat(2)],
  ])('%s', (_what, pepper) => {
    expect(pepperWeakness(pepper)).toEqual(expect.any(String));
  });

  it.each(['hex', 'base64url'] as const)('is not found in random ones: %s', (encoding) => {
    for (let i = 0; i < 1_000; i += 1)
      expect(pepperWeakness(randomBytes(32).toString(encoding))).toBeUndefined();
  });
});
