import { allows } from '@fintech-ledger/access/domain';
import type { Scope } from '@fintech-ledger/access/domain';
import type { Principal } from '../authentication/principal';
import { ApiProblem } from '../problems/api-problem';
import type { ProblemCode } from '../problems/problem-codes';
import type { DtoClass } from './decorators';

/** A field of a body that takes another scope than its operation does. */
export interface FieldScope {
  readonly field: string;
  readonly scope: Scope;
  /** The code of the problem that a key without it gets. */
  readonly code: ProblemCode;
}

const known = new WeakMap<object, FieldScope[]>();

/** Whoever gives the field, and not as false, needs this scope. Only for the fields of a body itself, not of what is nested in it. */
export function NeedsScope(scope: Scope, code: ProblemCode = 'scope_beyond_own'): PropertyDecorator {
  return (target, property) => {
    const scopes = known.get(target.constructor) ?? [];
    known.set(target.constructor, [...scopes, { field: String(property), scope, code }]);
  };
}

export function fieldScopesOf(dto: DtoClass | undefined): readonly FieldScope[] {
  return dto === undefined ? [] : (known.get(dto) ?? []);
}

/** @throws ApiProblem for the first field that takes more than the key may do */
export function checkFieldScopes(
  body: Readonly<Record<string, unknown>>,
  fields: readonly FieldScope[],
  { scopes }: Principal,
): void {
  for (const { field, scope, code } of fields) {
    if (body[field] === undefined || body[field] === false || allows(scopes, scope)) continue;
    throw new ApiProblem(code, `\`${field}\` needs the scope ${scope}.`, {
      param: `/${field}`,
      members: { missing_scope: scope },
    });
  }
}
