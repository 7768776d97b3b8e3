import {
  acknowledgedWaitMs,
  haltedRetrySeconds,
  minPositionWaitMs,
  ReadModelBehind,
  ReadModelHalted,
} from '@fintech-ledger/projection-runtime';
import type { Followed, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { AcknowledgedPositions } from '../commands/around-the-gateway';

/**
 * Waits until read models have what their reader asks for, or, unless an older answer will do, what this process has
 * acknowledged.
 * @param what for the problem: 'The read models have'
 * @returns the revision that they were found to have; undefined: none was needed
 * @throws ReadModelHalted @throws ReadModelBehind
 */
export async function reachPosition(
  models: Followed,
  acknowledged: Pick<AcknowledgedPositions, 'wanted'>,
  owner: string,
  { minRevision, isEventual = false }: OrganizationReader,
  what: string,
): Promise<number | undefined> {
  const reason = await models.haltedReason(owner);
  if (reason !== undefined) throw new ReadModelHalted(haltedRetrySeconds, owner, reason);
  const wanted = minRevision ?? (isEventual ? undefined : await acknowledged.wanted(owner));
  if (wanted === undefined) return undefined;
  const waitMs = minRevision === undefined ? acknowledgedWaitMs : minPositionWaitMs;
  if (await models.waitFor(owner, wanted, waitMs)) return wanted;
  throw new ReadModelBehind(1, `${what} not reached ${owner}@${wanted} yet.`);
}
