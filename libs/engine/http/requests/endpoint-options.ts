import type { NamedShape } from '@fintech-ledger/shapes';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { EdgeProblemCode } from '../problems/problem-codes';
import type { PathParameter } from './path-parameter';
import type { DtoClass } from '../validation/decorators';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Which objects of an answer say `livemode`: itself, or those of this list in it. */
export type LivemodeOf = 'itself' | 'data' | 'bank_accounts';

/** An operation of the API: what is served, checked and documented, all from this one description. */
export interface EndpointOptions {
  readonly method: HttpMethod;
  /** With `:name` for parameters. */
  readonly path: string;
  /** The operation's id in the OpenAPI document. */
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What the API key must be allowed; null: anybody may. */
  readonly scope: string | null;
  /**
   * `command`: takes `dry_run` and an Idempotency-Key. `read`: takes Ledger-Min-Position. `plain`: no event is what it
   * does; where it changes something for a key's holder, it takes an Idempotency-Key.
   */
  readonly kind: 'command' | 'read' | 'plain';
  /** The header Connected-Account may say whom it acts as. */
  readonly mayActAsAccount?: boolean;
  readonly body?: DtoClass;
  /** The body may be left out; then it is `{}`. */
  readonly isBodyOptional?: boolean;
  /** The most bytes of a JSON body, where it is not `bodyBytesMax`. */
  readonly bodyBytesMax?: number;
  readonly query?: DtoClass;
  /** Besides JSON the body may be NDJSON, which the handler reads itself. */
  readonly takesNdjson?: boolean;
  /** The body is a file of one of these types, of any length, which the handler reads itself; an example of each. */
  readonly takesFiles?: Readonly<
    Partial<Record<'application/x-ndjson' | 'application/xml' | 'text/csv', string>>
  >;
  readonly answer: {
    readonly status: number;
    /** What JSON it is; null: it is not JSON. */
    readonly schema: NamedShape<unknown> | null;
    /** What else it may be, by content type: an example of each. */
    readonly texts?: Readonly<Record<string, string>>;
    readonly description: string;
    /** Which of its objects get `livemode` when it is sent: those whose events do not say it. */
    readonly livemodeOf?: LivemodeOf;
  };
  /** An example of the body. */
  readonly example?: object;
  /** What is in the path, in its order. */
  readonly parameters?: readonly PathParameter[];
  /**
   * What it may be refused with by the rules of its module, besides what its path, its body and the writer refuse; in
   * the order of precedence. A test provokes each of them.
   */
  readonly refusals?: readonly DeclaredRefusal[];
  /** What it counts as, where its kind does not say it: a command is a post, all else a query. */
  readonly use?: 'exports' | 'imports' | 'streams';
  /** Whether it takes the database long, as it is asked: always, or with one of these query parameters. */
  readonly isExpensive?: true | readonly string[];
  /** So brief that it never waits for a turn: fewer at a time would only make appends smaller. */
  readonly isBrief?: true;
  /** Its answer has events byte for byte, for their hashes: values of data subjects are sealed in it. */
  readonly showsEvents?: true;
  /** Further problems of the edge. */
  readonly problems?: readonly EdgeProblemCode[];
}

type TakesKey = Pick<EndpointOptions, 'kind' | 'method' | 'scope'>;

/** Whether its answer is kept with the idempotency key of its request: no event has that. */
export const keepsAnswer = ({ kind, method, scope }: TakesKey): boolean =>
  kind === 'plain' && method !== 'GET' && scope !== null;

/** Whether a request of it may have an idempotency key. */
export const takesKey = (options: TakesKey): boolean => options.kind === 'command' || keepsAnswer(options);
