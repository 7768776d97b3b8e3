import type { DeclaredRefusal, Refusal } from '@fintech-ledger/contract';
import { codeOf, edgeProblemOf, statusOf, titleOf } from './problem-codes';
import type { EdgeProblemCode, Problem } from './problem-codes';

/** A problem with one field. `param`: a JSON pointer (RFC 6901) into the body; `/<name>` of a parameter or a header. */
export interface FieldProblem {
  readonly code: string;
  readonly detail: string;
  readonly param: string;
}

export interface ProblemMembers {
  readonly param?: string;
  readonly errors?: readonly FieldProblem[];
  /** Further members (RFC 9457, 3.2), e.g. `missing_scope`, or the payment that was declined. */
  readonly members?: Readonly<Record<string, string | number | object>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the first request of several that get the same answer. Absent: that of the one that is answered. */
  readonly requestId?: string;
}

/** What a request is answered with when it is not served: thrown anywhere in the edge, written as `application/problem+json`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly status: number;

  constructor(
    problem: Problem,
    readonly detail: string,
    readonly more: ProblemMembers = {},
  ) {
    super(detail);
    this.code = codeOf(problem);
    this.status = statusOf(problem);
  }

  /** @param declared what may be refused there; a newer process may refuse with what this one does not know */
  static ofRefusal(
    { code, detail, param, meta, index, objects }: Refusal,
    declared: readonly Pick<DeclaredRefusal, 'code' | 'kind'>[],
    requestId?: string,
  ): ApiProblem {
    const known = declared.find((one) => one.code === code) ?? edgeProblemOf(code);
    return new ApiProblem(known ?? { code, kind: 'rule' }, detail, {
      ...(param === undefined ? {} : { param }),
      members: { ...meta, ...(index === undefined ? {} : { index }), ...objects },
      ...(requestId === undefined ? {} : { requestId }),
    });
  }

  /** The first problem is the one that the answer is about; several are listed. */
  static ofFields(problems: readonly FieldProblem[]): ApiProblem {
    const [first] = problems;
    if (first === undefined) return new ApiProblem('invalid_value', 'The request is not valid.');
    const errors = problems.length > 1 ? { errors: problems } : {};
    return new ApiProblem({ code: first.code, kind: 'malformed' }, first.detail, {
      param: first.param,
      ...errors,
    });
  }

  /** The JSON object of RFC 9457. */
  body(answered: string): object {
    const { param, errors, members, requestId = answered } = this.more;
    return {
      ...members,
      type: `/docs/errors#${this.code}`,
      title: titleOf(this.code),
      status: this.status,
      detail: this.detail,
      code: this.code,
      ...(param === undefined ? {} : { param }),
      request_id: requestId,
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

export function unavailable(detail: string, retryAfterSeconds: number): ApiProblem {
  return retryable('unavailable', detail, retryAfterSeconds);
}

/** A 503 that says when to try again. */
export function retryable(
  code: EdgeProblemCode,
  detail: string,
  retryAfterSeconds: number,
  members?: Readonly<Record<string, string>>,
): ApiProblem {
  const headers = { 'Retry-After': String(Math.ceil(retryAfterSeconds)) };
  return new ApiProblem(code, detail, { headers, ...(members === undefined ? {} : { members }) });
}
