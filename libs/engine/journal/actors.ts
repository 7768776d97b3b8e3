import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';

/** Who may still ask for commands, as far as a writer's process knows. */
export interface Actors {
  /** Why nothing of this organization may be decided now: it is not known who may ask. Undefined: it is. */
  doubt(organizationId: string): string | undefined;
  isRevoked(actor: string): boolean;
}

/** Who asks when nobody does: the installation itself. */
export const systemActor = 'system';

/** As the edge itself says it of a key that it knows to be revoked. */
export function actorRevoked(): Refusal {
  return refuse({ code: 'unauthenticated' }, 'The API key was revoked.');
}
