import { refuse, scopeBeyondOwn } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { ApiKeyFacts } from './facts';
import { scopeBeyond } from './scopes';

/**
 * Nobody revokes a key, or takes it over, that may do more than they.
 * @param scopes of who asks; undefined: the installation itself does
 */
export function keyBeyond(
  scopes: readonly string[] | undefined,
  key: Pick<ApiKeyFacts, 'id' | 'scopes'>,
): Refusal<'scope_beyond_own'> | undefined {
  const beyond = scopes === undefined ? undefined : scopeBeyond(scopes, key.scopes);
  if (beyond === undefined) return undefined;
  const detail = `API key ${key.id} has the scope ${beyond}, and only a key that has it too may do this.`;
  return refuse(scopeBeyondOwn, detail, undefined, { missing_scope: beyond });
}
