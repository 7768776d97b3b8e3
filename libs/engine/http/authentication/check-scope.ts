import { allows } from '@fintech-ledger/access/domain';
import type { Scope } from '@fintech-ledger/access/domain';
import { ApiProblem } from '../problems/api-problem';
import type { Principal } from './principal';

/** The problem of a key that may not do this, or undefined when it may. */
export function missingScope(principal: Principal, scope: Scope): ApiProblem | undefined {
  return allows(principal.scopes, scope) ? undefined : lacks(scope);
}

function lacks(scope: Scope): ApiProblem {
  return new ApiProblem('missing_scope', `The API key lacks the scope ${scope}.`, {
    members: { missing_scope: scope },
  });
}
