import { SealBroken } from '@fintech-ledger/journal';
import { openHeaders, sealHeaders } from './sealed-headers';
import { endpointSecret, secretsInForce } from './endpoint-secret';
import { WebhookVerifier, signWebhook } from '@fintech-ledger/webhook-verifier';

const pepper = 'a pepper of at least 32 characters';
const headers = { Authorization: 'Bearer top-secret', 'X-Shop': '1' };

describe('sealed headers', () => {
  const sealed = sealHeaders(pepper, headers, 'whh_1');

  it('open to what they were, and show nothing of it', () => {
    expect(openHeaders(pepper, sealed, 'whh_1')).toEqual(headers);
    expect(sealHeaders(pepper, headers, 'whh_1')).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(2), 'base64url').toString('latin1')).not.toContain('top-secret');
  });

  it('do not open for another endpoint or pepper, nor when a byte was changed', () => {
    expect(() => openHeaders(pepper, sealed, 'whh_2')).toThrow(SealBroken);
    expect(() => openHeaders(`${pepper}x`, sealed, 'whh_1')).toThrow(SealBroken);
    const bytes = Buffer.from(sealed.slice(2), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openHeaders(pepper, `1.${changed.toString('base64url')}`, 'whh_1')).toThrow(SealBroken);
    }
    for (const text of ['', '1.', '2.AAAA', 'x'])
      expect(() => openHeaders(pepper, text, 'whh_1')).toThrow(SealBroken);
  });
});

describe('the secret of an endpoint', () => {
  it('is one that verifiers take, the same whenever it is asked for, and another one for each', () => {
    const secret = endpointSecret(pepper, 'we_1', 1);
    const message = { id: 'msg_1', timestamp: new Date(), body: '{}' };
    expect(new WebhookVerifier(secret).verify('{}', signWebhook(secret, message))).toMatchObject({
      id: 'msg_1',
    });
    expect(endpointSecret(pepper, 'we_1', 1)).toBe(secret);
    const others = [
      endpointSecret(pepper, 'we_1', 2),
      endpointSecret(pepper, 'we_2', 1),
      endpointSecret(`${pepper}x`, 'we_1', 1),
    ];
    expect(new Set([secret, ...others]).size).toBe(4);
  });

  it('signs beside the one before it until the overlap is over, the new one first', () => {
    const until = '2026-01-02T00:00:00.000Z';
    const rotated = { id: 'we_1', secretGeneration: 2, previousSecretUntil: until };
    const [first, second] = [1, 2].map((generation) => endpointSecret(pepper, 'we_1', generation));
    expect(secretsInForce(pepper, rotated, Date.parse(until) - 1)).toEqual([second, first]);
    expect(secretsInForce(pepper, rotated, Date.parse(until))).toEqual([second]);
  });

  it('signs beside all that were promised to, each until its own time', () => {
    const [until, later] = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'];
    const olderSecrets = [{ generation: 2, until: later }];
    const rotated = { id: 'we_1', olderSecrets, previousSecretUntil: until, secretGeneration: 4 };
    const of = (generation: number): string => endpointSecret(pepper, 'we_1', generation);
    expect(secretsInForce(pepper, rotated, Date.parse(until) - 1)).toEqual([of(4), of(3), of(2)]);
    expect(secretsInForce(pepper, rotated, Date.parse(until))).toEqual([of(4), of(2)]);
    expect(secretsInForce(pepper, rotated, Date.parse(later))).toEqual([of(4)]);
  });
});
