import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { allows } from '@fintech-ledger/access/domain';
import type { Scope } from '@fintech-ledger/access/domain';
import { ApiProblem } from '../problems/api-problem';
import type { Principal } from './principal';

/** A field of a body that takes another scope than its operation does. */
export interface FieldScope {
  readonly field: string;
  readonly scope: Scope;
  /** What a key without it is refused with. */
  readonly refusal: DeclaredRefusal;
}

/** The problem of a key that may not do this, or undefined when it may. */
export function missingScope(principal: Principal, scope: Scope): ApiProblem | undefined {
  if (allows(principal.scopes, scope)) return undefined;
  return new ApiProblem('missing_scope', `The API key lacks the scope ${scope}.`, {
    members: { missing_scope: scope },
  });
}

/** @throws ApiProblem for the first field that takes more than the key may do; one that is false asks for nothing */
export function checkFieldScopes(
  body: Readonly<Record<string, unknown>>,
  fields: readonly FieldScope[],
  { scopes }: Principal,
): void {
  for (const { field, scope, refusal } of fields) {
    if (body[field] === undefined || body[field] === false || allows(scopes, scope)) continue;
    throw new ApiProblem(refusal, `\`${field}\` needs the scope ${scope}.`, {
      param: `/${field}`,
      members: { missing_scope: scope },
    });
  }
}
