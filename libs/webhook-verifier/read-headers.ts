import { WebhookVerificationError } from './errors';
import { messageIdPattern } from './sign-webhook';

/** The headers of a request: a `Headers`, or an object as Node.js and most frameworks have it. */
export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers of Standard Webhooks say. */
export interface SignedHeaders {
  readonly id: string;
  /** As it was sent, which is what is signed. */
  readonly seconds: string;
  readonly signatures: readonly string[];
}

/** @throws WebhookVerificationError a header is missing or can't be right */
export function readHeaders(headers: WebhookHeaders): SignedHeaders {
  const valueOf = lookUp(headers);
  const id = valueOf('webhook-id');
  const seconds = valueOf('webhook-timestamp');
  const signatures = valueOf('webhook-signature').split(' ');
  if (!messageIdPattern.test(id)) throw invalid('webhook-id', 'the id of a message');
  if (!/^\d{1,11}$/.test(seconds)) throw invalid('webhook-timestamp', 'a time in whole seconds');
  return { id, seconds, signatures };
}

const invalid = (name: string, wanted: string): WebhookVerificationError =>
  new WebhookVerificationError('invalid_header', `The header ${name} is not ${wanted}.`);

function lookUp(headers: WebhookHeaders): (name: string) => string {
  const find = isHeaders(headers) ? (name: string) => headers.get(name) ?? undefined : byName(headers);
  return (name) => {
    const value = find(name);
    if (value === undefined || value === '')
      throw new WebhookVerificationError('missing_header', `The request has no header ${name}.`);
    return value;
  };
}

const isHeaders = (headers: WebhookHeaders): headers is { get(name: string): string | null } =>
  typeof headers['get'] === 'function';

/** Whatever the case of the names; one that was sent twice is refused. */
function byName(headers: Readonly<Record<string, string | readonly string[] | undefined>>) {
  return (name: string): string | undefined => {
    const values = Object.entries(headers).flatMap(([key, value]) =>
      key.toLowerCase() === name && value !== undefined ? [value].flat() : [],
    );
    if (values.length > 1)
      throw new WebhookVerificationError('invalid_header', `The request has the header ${name} twice.`);
    return values[0];
  };
}
