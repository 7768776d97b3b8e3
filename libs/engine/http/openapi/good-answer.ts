import { takesKey } from '../requests/endpoint-options';
import type { EndpointOptions } from '../requests/endpoint-options';

const ledgerPosition = {
  description: 'The position that the answer stands for.',
  schema: { type: 'string' },
};
const beginning = { ...ledgerPosition, description: 'The position of the last event when it begins.' };
export const requestId = {
  description: 'The id of the request, which the log has.',
  schema: { type: 'string' },
};
const replayed = {
  description: 'There when this is the first answer again.',
  schema: { const: 'true' },
};

/** Of draft-ietf-httpapi-ratelimit-headers-10. */
export const rateLimits = {
  RateLimit: {
    description:
      'What is left (`r`) of the limits that are nearest, of the key and of the organization; `t`: seconds.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'How much those limits are: `q` requests, or units of `qu`, in `w` seconds.',
    schema: { type: 'string' },
  },
};

/** What an operation answers when it is not refused, with an example of it. */
export function goodAnswer(endpoint: EndpointOptions, status: number): object {
  const { answer, kind, takesNdjson, use } = endpoint;
  const isLines = takesNdjson === true && status === 200;
  const headers = {
    ...(kind === 'plain' || isLines
      ? {}
      : { 'Ledger-Position': use === 'streams' ? beginning : ledgerPosition }),
    ...(takesKey(endpoint) ? { 'Idempotency-Replayed': replayed } : {}),
    'Request-Id': requestId,
    ...(endpoint.scope === null ? {} : rateLimits),
  };
  const content = {
    ...(isLines ? {} : jsonContent(answer)),
    ...(isLines || takesNdjson !== true ? textContent(answer) : {}),
  };
  return { description: answer.description, headers, content };
}

function jsonContent({ schema: shape }: EndpointOptions['answer']): Record<string, object> {
  if (shape === null) return {};
  return { 'application/json': { schema: shape.json, example: shape.example } };
}

function textContent({ texts = {} }: EndpointOptions['answer']): Record<string, object> {
  return Object.fromEntries(
    Object.entries(texts).map(([type, example]) => [type, { schema: { type: 'string' }, example }]),
  );
}

/** The same shape, of a process that can't do its job. */
export function unavailableAnswer(endpoint: EndpointOptions): object {
  const example = { status: 'unavailable', checks: { database: 'the database is unavailable' } };
  const content = { 'application/json': { schema: endpoint.answer.schema?.json, example } };
  return { ...goodAnswer(endpoint, 503), description: "The process can't do its job.", content };
}
