import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { ApiProblem } from '../problems/api-problem';
import type { Authenticator } from './authenticator';
import type { Principal } from './principal';

type Keys = Pick<Authenticator, 'allows'>;

/** A field of a body that takes another scope than its operation does. */
export interface FieldScope {
  readonly field: string;
  readonly scope: string;
  /** What a key without it is refused with. */
  readonly refusal: DeclaredRefusal;
}

/** The problem of a key that may not do this, or undefined when it may. */
export function missingScope(keys: Keys, principal: Principal, scope: string): ApiProblem | undefined {
  if (keys.allows(principal, scope)) return undefined;
  return new ApiProblem('missing_scope', `The API key lacks the scope ${scope}.`, {
    members: { missing_scope: scope },
  });
}

/** @throws ApiProblem for the first field that takes more than the key may do; one that is false asks for nothing */
export function checkFieldScopes(
  keys: Keys,
  body: Readonly<Record<string, unknown>>,
  fields: readonly FieldScope[],
  principal: Principal,
): void {
  for (const { field, scope, refusal } of fields) {
    if (body[field] === undefined || body[field] === false || keys.allows(principal, scope)) continue;
    throw new ApiProblem(refusal, `\`${field}\` needs the scope ${scope}.`, {
      param: `/${field}`,
      members: { missing_scope: scope },
    });
  }
}
