import type { RequestUse } from '@fintech-ledger/config';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { writerRefusals } from '@fintech-ledger/journal';
import { compileDto } from '../validation/compile';
import type { CompiledDto } from '../validation/compile';
import { compiledStyle, dtoSchema } from '../validation/dto-schema';
import { fieldScopesOf } from '../validation/field-scopes';
import type { FieldScope } from '../validation/field-scopes';
import { bodyBytesMax } from '../limits';
import { keepsAnswer } from './endpoint-options';
import type { EndpointOptions, LivemodeOf } from './endpoint-options';
import type { PathParameter } from './path-parameter';
import { CommandQuery, NoQuery } from './query-dtos';
import { namesIn } from './path-parameter';

/** What the request hooks know of an operation. */
export interface CompiledEndpoint {
  /** Its id in the OpenAPI document. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The path as OpenAPI writes it, with `{name}` for parameters. */
  readonly route: string;
  readonly scope: string | null;
  readonly kind: EndpointOptions['kind'];
  /** Whether it changes something: by its method, since an operation may do so without a command. */
  readonly changes: boolean;
  /** Whether its answer is kept with the idempotency key of its request. */
  readonly keepsAnswer: boolean;
  readonly takesNdjson: boolean;
  readonly takesCsv: boolean;
  readonly takesXml: boolean;
  /** What its body may be, to follow "must be ". */
  readonly takesTypes: string;
  readonly isBodyOptional: boolean;
  readonly body: CompiledDto | undefined;
  /** A member of its body says that it is a dry run, where it is no command. */
  readonly isTriedByBody: boolean;
  readonly bodyBytesMax: number;
  readonly query: CompiledDto;
  /** Fields of the body that take more than `scope`. */
  readonly fieldScopes: readonly FieldScope[];
  readonly parameters: readonly PathParameter[];
  readonly isExpensive: EndpointOptions['isExpensive'];
  readonly use: RequestUse;
  readonly showsEvents: boolean;
  readonly livemodeOf: LivemodeOf | undefined;
  /** Whether only a few of one organization are in work at a time while others are there. */
  readonly takesTurn: boolean;
  /** What it may be refused with by its path, its module, or the writer. */
  readonly refusals: readonly DeclaredRefusal[];
}

function typesOf({ takesFiles, takesNdjson }: EndpointOptions): string {
  if (takesFiles !== undefined) return Object.keys(takesFiles).join(' or ');
  return `application/json${takesNdjson === true ? ' or application/x-ndjson' : ''} in UTF-8`;
}

export function compileEndpoint(options: EndpointOptions): CompiledEndpoint {
  const { method, path, scope, kind, body } = options;
  let query: CompiledDto | undefined;
  return {
    operation: options.operation,
    method,
    path,
    route: path.replace(/:([A-Za-z_]+)/g, '{$1}'),
    scope,
    kind,
    changes: method !== 'GET',
    keepsAnswer: keepsAnswer(options),
    takesNdjson: options.takesNdjson === true || options.takesFiles?.['application/x-ndjson'] !== undefined,
    takesCsv: options.takesFiles?.['text/csv'] !== undefined,
    takesXml: options.takesFiles?.['application/xml'] !== undefined,
    takesTypes: typesOf(options),
    isBodyOptional: options.isBodyOptional === true,
    body: body === undefined ? undefined : compileDto(body),
    isTriedByBody: body !== undefined && 'dry_run' in (dtoSchema(body, compiledStyle).properties ?? {}),
    bodyBytesMax: options.bodyBytesMax ?? bodyBytesMax,
    // When it is asked for first: then it is known which modules there are.
    get query() {
      return (query ??= compileDto(queryOf(options)));
    },
    fieldScopes: fieldScopesOf(body),
    parameters: parametersOf(options),
    isExpensive: options.isExpensive,
    use: options.use ?? (kind === 'command' ? 'posts' : 'queries'),
    showsEvents: options.showsEvents === true,
    livemodeOf: options.answer.livemodeOf,
    takesTurn: options.use === undefined && options.isBrief !== true,
    refusals: refusalsOf(options),
  };
}

/** @throws Error when one is not declared */
export function parametersOf({ path, parameters = [] }: EndpointOptions): readonly PathParameter[] {
  return namesIn(path).map((name) => {
    const parameter = parameters.find((one) => one.name === name);
    if (parameter === undefined) throw new Error(`${path}: the parameter '${name}' is not declared`);
    return parameter;
  });
}

function refusalsOf(options: EndpointOptions): readonly DeclaredRefusal[] {
  const { refusals = [] } = options;
  return [...refusals, ...parametersOf(options).map(({ refusal }) => refusal), ...writerRefusals];
}

/** The query parameters of an operation; every command takes `dry_run`. */
export function queryOf({ query, kind }: EndpointOptions): NonNullable<EndpointOptions['query']> {
  return query ?? (kind === 'command' ? CommandQuery : NoQuery);
}
