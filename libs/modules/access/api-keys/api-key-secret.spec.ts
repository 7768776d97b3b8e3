import { createHmac } from 'node:crypto';
import { apiKeyHmac, derivedApiKeySecret, isApiKey } from './api-key-secret';

const token = 'sk_token';

describe('the secret of an API key', () => {
  it('is verified by its HMAC under the same pepper only', () => {
    const hmac = apiKeyHmac('pepper', token);
    expect(isApiKey('pepper', token, hmac)).toBe(true);
    expect(isApiKey('other', token, hmac)).toBe(false);
    expect(isApiKey('pepper', `${token}x`, hmac)).toBe(false);
    expect(isApiKey('pepper', token, '')).toBe(false);
  });

  it('is verified as an earlier release made it, with the pepper itself', () => {
    const hmac = createHmac('sha256', 'pepper').update(token).digest('hex');
    expect(apiKeyHmac('pepper', token)).not.toBe(hmac);
    expect(isApiKey('pepper', token, hmac)).toBe(true);
    expect(isApiKey('other', token, hmac)).toBe(false);
  });

  it('is derived again from the same idempotency key, and from no other', () => {
    const secret = derivedApiKeySecret('pepper', 'org_1', 'key-1');
    expect(derivedApiKeySecret('pepper', 'org_1', 'key-1')).toEqual(secret);
    expect(derivedApiKeySecret('pepper', 'org_2', 'key-1')).not.toEqual(secret);
    expect(derivedApiKeySecret('pepper', 'org_1', 'key-2')).not.toEqual(secret);
  });
});
