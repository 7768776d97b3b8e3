import { createHmac } from 'node:crypto';
import { deriveKey } from './derive-key';

/** RFC 5869, written out a second time. */
function hkdf(pepper: string, info: string, bytes: number): Buffer {
  const prk = createHmac('sha256', Buffer.alloc(32)).update(pepper).digest();
  const blocks: Buffer[] = [];
  for (let i = 1; Buffer.concat(blocks).length < bytes; i += 1) {
    blocks.push(
      createHmac('sha256', prk)
        .update(Buffer.concat([blocks.at(-1) ?? Buffer.alloc(0), Buffer.from(info), Buffer.from([i])]))
        .digest(),
    );
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}

it('derives keys from the pepper by HKDF-SHA256, one for each label', () => {
  const pepper = 'p'.repeat(43);
  expect(deriveKey(pepper, 'checkpoint/1', 112)).toEqual(hkdf(pepper, 'checkpoint/1', 112));
  expect(deriveKey(`${pepper}x`, 'checkpoint/1', 32)).not.toEqual(deriveKey(pepper, 'checkpoint/1', 32));
});
