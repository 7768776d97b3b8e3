import { createPublicKey, sign, verify } from 'node:crypto';
import { newSealedKey, openSealedKey, SigningKeyUnreadable } from './sealed-key';

const pepper = 'a pepper of at least 32 characters';

describe('a signing key', () => {
  it('opens to what its public half verifies', () => {
    const key = newSealedKey(pepper);
    const signature = sign(null, Buffer.from('text'), openSealedKey(pepper, key));
    const raw = Buffer.from(key.publicKey, 'base64');
    expect(raw).toHaveLength(32);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('text'), publicKey, signature)).toBe(true);
    expect(key.sealed).not.toContain(key.publicKey);
  });

  it.each([
    ['another pepper', 'another pepper of at least 32 characters', {}],
    ['the id of another key', pepper, { keyId: 'adk_other' }],
    ['a changed text', pepper, { sealed: newSealedKey(pepper).sealed }],
    ['a text that was cut', pepper, { sealed: 'AAAA' }],
  ])('does not open with %s', (_what, opening, more) => {
    expect(() => openSealedKey(opening, { ...newSealedKey(pepper), ...more })).toThrow(SigningKeyUnreadable);
  });
});
