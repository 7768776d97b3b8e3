import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';

/** Why a key may ask for nothing any more: revoked, its time over, or its secret replaced. */
export type KeyEnd = 'revoked' | 'expired' | 'replaced';

/** Who may still ask for commands, as far as a writer's process knows. */
export interface Actors {
  /** Why nothing of this organization may be decided now: it is not known who may ask. Undefined: it is. */
  doubt(organizationId: string): string | undefined;
  /** @param secret which one of the key asks; absent: its first. Undefined: it may still ask, as far as is known */
  ended(actor: string, secret?: number): KeyEnd | undefined;
}

/** Who asks when nobody does: the installation itself. */
export const systemActor = 'system';

/** What clients are told of it. */
export const keyEndSays: Readonly<Record<KeyEnd, string>> = {
  revoked: 'The API key was revoked.',
  expired: 'The API key has expired.',
  replaced: 'The secret of the API key was replaced, and opens nothing any more.',
};

/** As the edge itself says it of a key that it knows to have ended. Undefined: it may ask, as far as is known. */
export function actorEnded(
  actors: Actors | undefined,
  { actor, actorSecret }: { readonly actor: string; readonly actorSecret?: number },
): Refusal | undefined {
  const end = actors?.ended(actor, actorSecret);
  return end === undefined ? undefined : refuse({ code: 'unauthenticated' }, keyEndSays[end]);
}
