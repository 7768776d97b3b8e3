import { timingSafeEqual } from 'node:crypto';
import { InvalidWebhookSecret, RawBodyMissing, WebhookVerificationError } from './errors';
import { readHeaders } from './read-headers';
import type { WebhookHeaders } from './read-headers';
import { secretKey } from './secret-key';
import { signatureOf } from './sign-webhook';
import type { WebhookEvent } from './webhook-event';

export interface WebhookVerifierOptions {
  /** By how much the sender's clock and this one may differ, and how old a message may be: 300 s by default. */
  readonly toleranceSeconds?: number;
  /** The time, for tests. */
  readonly now?: () => Date;
}

/** A message of which it is certain that the holder of the secret sent it. */
export interface VerifiedWebhook<Event = WebhookEvent> {
  /** The same at each attempt: remember it, and do nothing when it comes again. */
  readonly id: string;
  /** When this attempt was made. */
  readonly timestamp: Date;
  readonly event: Event;
}

/** Verifies the signatures of Standard Webhooks (`v1`, HMAC-SHA256). */
export class WebhookVerifier {
  private readonly keys: readonly Uint8Array[];
  private readonly toleranceSeconds: number;
  private readonly now: () => Date;

  /**
   * @param secrets `whsec_…` of the endpoint; several where one receiver serves several endpoints, or keeps an old one
   * @throws InvalidWebhookSecret at the start, and not at the first message
   */
  constructor(secrets: string | readonly string[], options: WebhookVerifierOptions = {}) {
    this.keys = [secrets].flat().map(secretKey);
    if (this.keys.length === 0) throw new InvalidWebhookSecret('There is no webhook secret.');
    this.toleranceSeconds = options.toleranceSeconds ?? 300;
    this.now = options.now ?? (() => new Date());
  }

  /**
   * @param body the bytes as they came: what was parsed and written again has another signature
   * @throws WebhookVerificationError the request is not to be trusted
   * @throws RawBodyMissing the body was parsed before
   */
  verify<Event = WebhookEvent>(body: string | Uint8Array, headers: WebhookHeaders): VerifiedWebhook<Event> {
    const { id, seconds, signatures } = readHeaders(headers);
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw rawBodyMissing(body);
    this.checkTime(Number(seconds));
    const expected = this.keys.map((key) => signatureOf(key, id, seconds, body));
    if (!haveCommon(signatures, expected))
      throw new WebhookVerificationError(
        'no_matching_signature',
        'No signature is right: the secret is of another endpoint, or the body is not the bytes that were sent.',
      );
    return { id, timestamp: new Date(Number(seconds) * 1_000), event: parse(body) as Event };
  }

  private checkTime(seconds: number): void {
    const age = Math.floor(this.now().getTime() / 1_000) - seconds;
    if (Math.abs(age) <= this.toleranceSeconds) return;
    const is = age > 0 ? `is ${age} s old` : `is ${-age} s ahead of this clock`;
    throw new WebhookVerificationError(
      age > 0 ? 'timestamp_too_old' : 'timestamp_too_new',
      `The message ${is}, allowed are ${this.toleranceSeconds} s: a replay, or a clock that is wrong.`,
    );
  }
}

/** Compares every pair, each in constant time, so that the time tells nothing of where they differ. */
function haveCommon(given: readonly string[], expected: readonly string[]): boolean {
  const wanted = expected.map((text) => Buffer.from(text));
  let isFound = false;
  for (const signature of given.map((text) => Buffer.from(text)))
    for (const one of wanted)
      if (signature.length === one.length && timingSafeEqual(signature, one)) isFound = true;
  return isFound;
}

function parse(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(
      typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body),
    );
  } catch {
    throw new WebhookVerificationError(
      'invalid_body',
      'The signature is right, and the body is not JSON in UTF-8.',
    );
  }
}

function rawBodyMissing(body: unknown): RawBodyMissing {
  const is = body === null || body === undefined ? 'there is none' : `it is a parsed ${typeof body}`;
  return new RawBodyMissing(
    `The body must be the bytes as they came (a Uint8Array or a string), and ${is}: ` +
      'verify before the framework parses it, or ask the framework to keep the raw body.',
  );
}
