import { sandboxKeyRequired } from '@fintech-ledger/access/domain';
import { ApiProblem, isLive, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';

/** The sandbox that asks. @throws Refused `sandbox_key_required` */
export function sandboxOf(request: ApiRequest): string {
  const principal = principalOf(request);
  if (isLive(principal))
    throw new ApiProblem(
      sandboxKeyRequired,
      'There is no simulator in a live environment: use a key of a sandbox.',
    );
  return principal.organizationId;
}
