import { scopeBeyondOwn } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { Principal } from '../authentication/principal';
import { ApiProblem } from '../problems/api-problem';
import type { DtoClass } from './decorators';

/** A field of a body that takes another scope than its operation does. */
export interface FieldScope {
  readonly field: string;
  readonly scope: string;
  /** What a key without it is refused with. */
  readonly refusal: DeclaredRefusal;
}

const known = new WeakMap<object, FieldScope[]>();

/**
 * Anyone who gives the field, and not as false, needs this scope.
 * Only for the fields of a body itself, not of what is nested in it.
 * @param refused what a key without it is refused with
 */
export function NeedsScope(
  scope: FieldScope['scope'],
  refused: FieldScope['refusal'] = scopeBeyondOwn,
): PropertyDecorator {
  return (target, property) => {
    const scopes = known.get(target.constructor) ?? [];
    known.set(target.constructor, [...scopes, { field: String(property), scope, refusal: refused }]);
  };
}

export function fieldScopesOf(dto: DtoClass | undefined): readonly FieldScope[] {
  return dto === undefined ? [] : (known.get(dto) ?? []);
}

/** @throws ApiProblem for the first field that takes more than the key may do; one that is false asks for nothing */
export function checkFieldScopes(
  body: Readonly<Record<string, unknown>>,
  fields: readonly FieldScope[],
  { allowed }: Principal,
): void {
  for (const { field, scope, refusal } of fields) {
    if (body[field] === undefined || body[field] === false || allowed.has(scope)) continue;
    throw new ApiProblem(refusal, `\`${field}\` needs the scope ${scope}.`, {
      param: `/${field}`,
      members: { missing_scope: scope },
    });
  }
}
