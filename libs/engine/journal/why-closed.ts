import { systemActor } from './actors';
import { storeLost, WriterUnavailable } from './gateway';
import type { CommandEnvelope } from './gateway';
import type { WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';

type Deps = Pick<WriterDependencies<never, never, never>, 'availability' | 'actors' | 'clock'>;

/** Why nothing new of this command's actor may be decided at the moment. */
export function whyClosed(
  { availability, actors, clock }: Deps,
  position: Pick<WriterPosition, 'ahead'>,
  { actor, organizationId }: Pick<CommandEnvelope, 'actor' | 'organizationId'>,
): WriterUnavailable | undefined {
  if (availability?.lost !== undefined) return storeLost(availability.lost);
  const unknown = actor === systemActor ? undefined : actors?.doubt(organizationId);
  if (unknown !== undefined) return new WriterUnavailable(unknown);
  const doubt = clock.doubt?.() ?? position.ahead;
  return doubt === undefined ? undefined : new WriterUnavailable(doubt, 5, { isFinal: true });
}
