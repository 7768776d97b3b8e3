import { createHash } from 'node:crypto';
import { accountKey, ledgerKey } from './keys';

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

describe('keys of the read models', () => {
  it('are those of the ledger and of ledger and address, also when they are asked for in turns', () => {
    for (let round = 0; round < 2; round += 1) {
      for (const ledger of ['led_1', 'led_2']) {
        expect(ledgerKey(ledger)).toBe(keyOf(ledger));
        expect(accountKey(ledger, 'cash')).toBe(keyOf(`${ledger}/cash`));
      }
    }
  });

  it('stay right beyond the number that is kept', () => {
    for (let at = 0; at < 200_010; at += 1) accountKey(`led_${at % 7}`, `a:${at}`);
    for (const at of [0, 1, 100_000, 200_009])
      expect(accountKey(`led_${at % 7}`, `a:${at}`)).toBe(keyOf(`led_${at % 7}/a:${at}`));
    expect(ledgerKey('led_3')).toBe(keyOf('led_3'));
  });
});
