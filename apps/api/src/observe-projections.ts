import type { ProjectionQueries } from './operations/projection-queries';
import type { Logger } from '@fintech-ledger/logging';
import { countNegativeBalances } from '@fintech-ledger/payments';
import type { Sql } from '@fintech-ledger/postgres';
import { isRunning, selectRebuildsToDo } from '@fintech-ledger/projection-runtime';
import { instruments } from '@fintech-ledger/telemetry';

/** As long as the alert waits: two ledgers are read at two moments, and what is on its way differs for a while. */
const transitDiffersMs = 300_000;

/** Sets the gauges of lag. It is asked for when it is looked at: whichever process projects, every process can tell. */
export async function observeProjections(
  queries: ProjectionQueries,
  log?: Pick<Logger, 'warn'>,
): Promise<void> {
  const unbalanced = await queries.unbalancedLedgers().catch(() => undefined);
  if (unbalanced !== undefined) instruments.trialBalanceUnbalanced.record(unbalanced.length);
  const transit = await queries.transit().catch(() => undefined);
  if (transit !== undefined) {
    instruments.ledgerTransfersOpen.record(transit.openCount);
    instruments.ledgerTransfersOldestOpenSeconds.record(transit.oldestOpenMs / 1_000);
    instruments.ledgerTransfersTransitDifferences.record(transit.differences.length);
    const differences = transit.differences.filter(({ lastsMs }) => lastsMs >= transitDiffersMs);
    if (differences.length > 0) log?.warn({ differences }, 'transit differs from what is open');
  }
  const projections = await queries.projections().catch(() => []);
  for (const { name: projection, lag, state, halted_streams_count: streams, ...view } of projections) {
    if (lag.events !== null) instruments.projectionLagEvents.record(lag.events, { projection });
    instruments.projectionLagSeconds.record(lag.seconds, { projection });
    instruments.projectionNoProgressSeconds.record(view.no_progress_seconds, { projection });
    instruments.projectionHaltedStreams.record(streams, { projection });
    instruments.projectionHalted.record(state === 'halted' ? 1 : 0, { projection });
  }
}

/** Sets the gauge of what is owed. */
export async function observeBalances(db: Sql): Promise<void> {
  const negative = await countNegativeBalances(db).catch(() => undefined);
  if (negative !== undefined) instruments.negativeBalances.record(negative);
}

/** Sets the gauges of rebuilds. */
export async function observeRebuilds(db: Sql, projections: readonly string[]): Promise<void> {
  const rebuilds = await selectRebuildsToDo(db).catch(() => undefined);
  if (rebuilds === undefined) return;
  for (const projection of projections) {
    const running = rebuilds.find((each) => each.projection === projection && isRunning(each));
    const labels = { projection };
    instruments.rebuildRunning.record(running === undefined ? 0 : 1, labels);
    instruments.rebuildWaiting.record(running?.state === 'ready' ? 1 : 0, labels);
    if (running === undefined) continue;
    instruments.rebuildEventsDone.record(running.done, labels);
    if (running.total !== null) instruments.rebuildEventsTotal.record(running.total, labels);
    if (running.state === 'filling')
      instruments.rebuildEventsPerSecond.record(running.eventsPerSecond ?? 0, labels);
  }
}
