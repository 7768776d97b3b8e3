import { apiOperations } from './fuzz/api-operations';
import type { Operation } from './fuzz/api-operations';
import { ComponentValidators, closed } from './fuzz/component-validators';

/** An answer of the API, however it was asked for. */
export interface GivenAnswer {
  readonly status: number;
  readonly contentType: string;
  /** In lower case. */
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly json: Readonly<Record<string, unknown>>;
}

// What clients may not rely on the document may leave open; a test holds it to every member that there is.
const validators = new ComponentValidators({ allErrors: true }, closed);

const routes = apiOperations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
}));
/** Before an operation is known, or between it and the client: of none. */
const ofNone = new Set([
  'not_found',
  'method_not_allowed',
  'malformed_url',
  'malformed_request',
  'headers_too_large',
]);

/** @throws Error an answer that schemas/openapi.json does not have for the operation: its status, type, members, or the code of a problem */
export function checkDocumented(method: string, path: string, answer: GivenAnswer): void {
  const [bare = ''] = path.split('?');
  const found = routes
    .filter(({ operation, pattern }) => operation.method === method && pattern.test(bare))
    // A fixed path before one with a parameter in its place.
    .sort((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length)[0];
  if (found === undefined) return;
  const wrong = whatIsWrong(found.operation, answer) ?? lackedBy(found.operation, answer);
  if (wrong === undefined) return;
  throw new Error(
    `${found.operation.operationId} (${method} ${bare}): ${wrong}\ngot ${answer.status} ${JSON.stringify(answer.json).slice(0, 2_000)}`,
  );
}

function whatIsWrong(
  { responses }: Operation,
  { status, contentType, json }: GivenAnswer,
): string | undefined {
  const code = String(json['code']);
  if (status >= 400 && ofNone.has(code)) return undefined;
  if (status === 500) return 'the server is to blame';
  const documented = responses[String(status)];
  if (documented === undefined) return `${status} is not documented`;
  const content = Object.entries(documented.content ?? {}).find(([type]) =>
    contentType.startsWith(type),
  )?.[1];
  if (content === undefined) return `the content type ${contentType} is not documented for ${status}`;
  const { $ref, properties } = content.schema;
  if ($ref === undefined) return undefined;
  const codes = properties?.['code']?.enum;
  if (codes !== undefined && !codes.includes(code)) return `the code ${code} is not documented for ${status}`;
  const reason = validators.whatIsWrong({ $ref }, json);
  return reason === undefined ? undefined : `it is not a ${$ref}: ${reason}`;
}

/** Every query answers with the position that it was read at, where it has one. */
function lackedBy({ method, responses }: Operation, { status, headers }: GivenAnswer): string | undefined {
  if (method !== 'GET' || headers === undefined) return undefined;
  const isPositioned = responses[String(status)]?.headers?.['Ledger-Position'] !== undefined;
  return isPositioned && headers['ledger-position'] === undefined ? 'it has no Ledger-Position' : undefined;
}
