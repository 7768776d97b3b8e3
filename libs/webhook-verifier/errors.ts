/** Why a request is not taken for a webhook of the sender that shares the secret. */
export type WebhookErrorCode =
  | 'missing_header'
  | 'invalid_header'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'no_matching_signature'
  | 'invalid_body';

/** The request is not to be trusted: answer 400, and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  constructor(
    readonly code: WebhookErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A secret of the configuration can't be used. The message never holds it. */
export class InvalidWebhookSecret extends Error {
  override readonly name = 'InvalidWebhookSecret';
}

/** A mistake of the receiver: what it gave as the body is not what came over the wire. */
export class RawBodyMissing extends TypeError {
  override readonly name = 'RawBodyMissing';
}
