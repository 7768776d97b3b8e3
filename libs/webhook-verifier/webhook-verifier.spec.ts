import { createHmac, randomBytes } from 'node:crypto';
import { InvalidWebhookSecret, RawBodyMissing, WebhookVerificationError, WebhookVerifier } from './index';
import { newWebhookSecret, signWebhook } from './index';
import type { WebhookHeaders } from './index';

/** The vector of Standard Webhooks' own test suites. */
const vector = {
  secret: `whsec_${'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'}`,
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const vectorHeaders = {
  'webhook-id': vector.id,
  'webhook-timestamp': '1614265330',
  'webhook-signature': vector.signature,
};
const at = (seconds: number) => ({ now: () => new Date(vector.timestamp.getTime() + seconds * 1_000) });
const verifier = new WebhookVerifier(vector.secret, at(0));

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    throw error;
  }
  return 'none';
};

describe('the vector of the specification', () => {
  it('is what is signed', () => {
    expect(signWebhook(vector.secret, vector)).toEqual(vectorHeaders);
    expect(signWebhook(vector.secret, { ...vector, body: Buffer.from(vector.body) })).toEqual(vectorHeaders);
  });

  it('is verified, as a text and as bytes', () => {
    const verified = { id: vector.id, timestamp: vector.timestamp, event: { test: 2_432_232_314 } };
    expect(verifier.verify(vector.body, vectorHeaders)).toEqual(verified);
    expect(verifier.verify(Buffer.from(vector.body), vectorHeaders)).toEqual(verified);
    expect(verifier.verify(new Uint8Array(Buffer.from(vector.body)), vectorHeaders)).toEqual(verified);
  });

  it.each([
    ['the id', vector.body, { 'webhook-id': 'msg_other' }],
    ['the time', vector.body, { 'webhook-timestamp': '1614265331' }],
    ['white space of the body', '{"test":2432232314}', {}],
    ['a part of the signature', vector.body, { 'webhook-signature': vector.signature.slice(0, 8) }],
    ['all of the signature', vector.body, { 'webhook-signature': 'v1,' }],
    ['the version', vector.body, { 'webhook-signature': vector.signature.replace('v1', 'v1a') }],
    ['the padding', vector.body, { 'webhook-signature': vector.signature.replace('=', '') }],
  ])('is refused when it differs in %s', (_part, body, headers) => {
    expect(codeOf(() => verifier.verify(body, { ...vectorHeaders, ...headers }))).toBe(
      'no_matching_signature',
    );
  });
});

describe('several signatures and secrets', () => {
  const [older, newer] = [newWebhookSecret(), newWebhookSecret()];
  const verifies = (secrets: string | readonly string[], headers: WebhookHeaders): string =>
    codeOf(() => new WebhookVerifier(secrets, at(0)).verify(vector.body, headers));

  it('each is enough while a secret is rotated, the new one signs first', () => {
    const both = signWebhook([newer, older], vector);
    const [first] = both['webhook-signature'].split(' ');
    expect(signWebhook(newer, vector)['webhook-signature']).toBe(first);
    expect(verifies(older, both)).toBe('none');
    expect(verifies(newer, both)).toBe('none');
    expect(verifies([newer, older], signWebhook(older, vector))).toBe('none');
    expect(verifies(newWebhookSecret(), both)).toBe('no_matching_signature');
  });

  it('others beside the right one do not matter, of whatever version', () => {
    const foreign = `v1,${randomBytes(32).toString('base64')} v1a,${randomBytes(64).toString('base64')} v2 ,`;
    const signature = `${foreign} ${vector.signature} v1,x`;
    expect(verifies(vector.secret, { ...vectorHeaders, 'webhook-signature': signature })).toBe('none');
    expect(verifies(vector.secret, { ...vectorHeaders, 'webhook-signature': foreign })).toBe(
      'no_matching_signature',
    );
  });

  it('a message without any secret is not signed', () => {
    expect(() => signWebhook([], vector)).toThrow(RangeError);
  });
});

describe('the time of a message', () => {
  it.each([
    [300, 'none'],
    [301, 'timestamp_too_old'],
    [-300, 'none'],
    [-301, 'timestamp_too_new'],
  ])('%d s later is %s', (seconds, code) => {
    const late = new WebhookVerifier(vector.secret, at(seconds));
    expect(codeOf(() => late.verify(vector.body, vectorHeaders))).toBe(code);
  });

  it('has the tolerance that the receiver says', () => {
    const strict = new WebhookVerifier(vector.secret, { ...at(11), toleranceSeconds: 10 });
    expect(() => strict.verify(vector.body, vectorHeaders)).toThrow(
      'The message is 11 s old, allowed are 10 s: a replay, or a clock that is wrong.',
    );
  });
});

describe('headers', () => {
  it.each<[string, WebhookHeaders]>([
    ['a Headers', new Headers(vectorHeaders)],
    ['an object with names in any case', mapNames((name) => name.toUpperCase())],
    [
      'an object with lists',
      mapNames(
        (name) => name,
        (value) => [value],
      ),
    ],
  ])('may be %s', (_kind, headers) => {
    expect(verifier.verify(vector.body, headers).id).toBe(vector.id);
  });

  it.each([
    ['webhook-id', undefined, 'missing_header'],
    ['webhook-id', '', 'missing_header'],
    ['webhook-id', 'msg.1', 'invalid_header'],
    ['webhook-id', 'x'.repeat(256), 'invalid_header'],
    ['webhook-id', ['a', 'b'], 'invalid_header'],
    ['webhook-timestamp', undefined, 'missing_header'],
    ['webhook-timestamp', 'hello', 'invalid_header'],
    ['webhook-timestamp', '1614265330.5', 'invalid_header'],
    ['webhook-timestamp', '-1', 'invalid_header'],
    ['webhook-timestamp', '1614265330, 1614265330', 'invalid_header'],
    ['webhook-signature', undefined, 'missing_header'],
  ])('%s as %j is %s, and the message names it', (name, value, code) => {
    const attempt = (): unknown => verifier.verify(vector.body, { ...vectorHeaders, [name]: value });
    expect(codeOf(attempt)).toBe(code);
    expect(attempt).toThrow(name);
  });

  function mapNames(
    rename: (name: string) => string,
    wrap: (value: string) => string | string[] = (value) => value,
  ): Record<string, string | string[]> {
    return Object.fromEntries(
      Object.entries(vectorHeaders).map(([name, value]) => [rename(name), wrap(value)]),
    );
  }
});

describe('the body', () => {
  it.each([[{ test: 1 }], [undefined], [null]])(
    'that is %j was parsed before: the message says so',
    (body) => {
      const attempt = (): unknown => verifier.verify(body as unknown as string, vectorHeaders);
      expect(attempt).toThrow(RawBodyMissing);
      expect(attempt).toThrow(/raw body/);
    },
  );

  it.each([
    ['text', Buffer.from('hello')],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('that is signed and %s is a typed error', (_kind, body) => {
    const headers = signWebhook(vector.secret, { ...vector, body });
    expect(codeOf(() => verifier.verify(body, headers))).toBe('invalid_body');
  });

  it('is signed by its bytes, whatever they are', () => {
    const body = randomBytes(1_000);
    const key = Buffer.from(vector.secret.slice('whsec_'.length), 'base64');
    const digest = createHmac('sha256', key)
      .update(Buffer.concat([Buffer.from(`${vector.id}.1614265330.`), body]))
      .digest('base64');
    expect(signWebhook(vector.secret, { ...vector, body })['webhook-signature']).toBe(`v1,${digest}`);
  });
});

describe('a secret', () => {
  it('has 256 random bits, and is verified whatever white space is around it', () => {
    const secret = newWebhookSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const headers = signWebhook(`${secret}\n`, vector);
    expect(new WebhookVerifier(` ${secret}`, at(0)).verify(vector.body, headers).id).toBe(vector.id);
  });

  it.each([
    ['', /empty/],
    [undefined, /empty/],
    [vector.secret.slice('whsec_'.length), /begins with whsec_/],
    ['whsec_…', /not base64/],
    ['whsec_****************', /not base64/],
    [`whsec_${randomBytes(23).toString('base64')}`, /23/],
    [`whsec_${randomBytes(65).toString('base64')}`, /65/],
  ])('that is %j is refused at the start', (secret, message) => {
    const attempt = (): unknown => new WebhookVerifier(secret as string);
    expect(attempt).toThrow(InvalidWebhookSecret);
    expect(attempt).toThrow(message);
  });

  it('must be there', () => {
    expect(() => new WebhookVerifier([])).toThrow(InvalidWebhookSecret);
  });

  it('is not in the message that refuses it', () => {
    const secret = `whsec_${randomBytes(80).toString('base64')}`;
    expect(() => new WebhookVerifier(secret)).not.toThrow(secret.slice('whsec_'.length));
  });
});
