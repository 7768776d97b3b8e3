import type { ProjectionQueries } from './operations/projection-queries';
import { instruments } from '@fintech-ledger/telemetry';

/** Sets the gauges of lag. It is asked for when it is looked at: whichever process projects, every process can tell. */
export async function observeProjections(queries: ProjectionQueries): Promise<void> {
  const unbalanced = await queries.unbalancedLedgers().catch(() => undefined);
  if (unbalanced !== undefined) instruments.trialBalanceUnbalanced.record(unbalanced.length);
  const projections = await queries.projections().catch(() => []);
  for (const { name: projection, lag, state, halted_streams_count: streams } of projections) {
    if (lag.events !== null) instruments.projectionLagEvents.record(lag.events, { projection });
    instruments.projectionLagSeconds.record(lag.seconds, { projection });
    instruments.projectionHaltedStreams.record(streams, { projection });
    instruments.projectionHalted.record(state === 'halted' ? 1 : 0, { projection });
  }
}
