import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import type { ProjectionQueries } from './projection-queries';
import type { UnbalancedLedger } from '@fintech-ledger/ledger';
import type { AlarmSink } from '@fintech-ledger/health';

/** A read model that nobody brings up to date for longer is no start or hand-over any more. */
const idleMs = 15_000;

function unbalancedReason({ ledgerId, currency, posted, pending }: UnbalancedLedger, count: number): string {
  const others = count === 1 ? '' : `, and ${count - 1} more`;
  return (
    `The accounts of ${ledgerId ?? 'an unknown ledger'} in ${currency} differ by ${posted} posted and ` +
    `${pending} pending${others}: rows of read.accounts were edited. ` +
    'Have the read models built from the events again (docs/how-to/watch-health-and-logs.md).'
  );
}

function haltedStreams({
  name,
  halted_streams: streams,
  halted_streams_count: count,
}: ProjectionView): string | undefined {
  const [first] = streams;
  if (first === undefined) return undefined;
  const are = count === 1 ? 'a stream that is halted' : `${count} streams that are halted`;
  return `${name} has ${are}, ${first.stream} first: ${first.reason}. ${first.advice}`;
}

/** Being behind alone is no illness: it may be a backlog that is worked off. */
function noProgress({ name, lag, no_progress_seconds: seconds }: ProjectionView): string {
  const events = lag.events === null ? 'events' : lag.events === 1 ? 'one event' : `${lag.events} events`;
  return (
    `${name} is ${events} behind and has applied none for ${Math.round(seconds)} s: see the log of the process that ` +
    'projects, its database, and what the events come from (docs/how-to/watch-health-and-logs.md).'
  );
}

/** Keeps the alarms of read models that are halted or do not get on, whichever process projects them. */
export function projectionAlarms(
  queries: ProjectionQueries,
  alarms: AlarmSink,
  noProgressSeconds: number,
  nowMs: () => number = () => performance.now(),
): () => Promise<void> {
  const startingSinceMs = new Map<string, number>();
  const problemOf = (projection: ProjectionView): string | undefined => {
    const { name, state, last_error: error, lag } = projection;
    if (state === 'halted') return `${name} halted: ${error ?? 'for an unknown reason'}`;
    if (state !== 'starting' || lag.events === 0) {
      startingSinceMs.delete(name);
      const isStuck = projection.no_progress_seconds >= noProgressSeconds;
      return haltedStreams(projection) ?? (isStuck ? noProgress(projection) : undefined);
    }
    if (error !== null) return `${name} does not go on: ${error}`;
    const sinceMs = startingSinceMs.get(name) ?? nowMs();
    startingSinceMs.set(name, sinceMs);
    return nowMs() - sinceMs < idleMs ? undefined : `${name} is brought up to date by no process.`;
  };
  return async () => {
    // While they can't be read, readiness has a reason of its own.
    const projections = await queries.projections().catch(() => []);
    for (const projection of projections) {
      const subject = `read model ${projection.name}`;
      const problem = problemOf(projection);
      if (problem === undefined) alarms.clear('projections', subject);
      else alarms.raise('projections', subject, problem);
    }
    const unbalanced = await queries.unbalancedLedgers().catch(() => undefined);
    if (unbalanced === undefined) return;
    const [first] = unbalanced;
    if (first === undefined) alarms.clear('projections', 'trial balance');
    else alarms.raise('projections', 'trial balance', unbalancedReason(first, unbalanced.length));
  };
}
