import type { ProjectionQueries } from './projection-queries';
import type { EventStore } from '@fintech-ledger/event-store';
import { watch } from '@fintech-ledger/health';
import type { AlarmSink, Watched } from '@fintech-ledger/health';
import { WriteWatch } from '@fintech-ledger/http';
import { eventStoreProblem } from '@fintech-ledger/installation';
import type { CommandGateway } from '@fintech-ledger/journal';
import { projectionAlarms } from './projection-alarms';

export interface WatchedApi {
  readonly gateway: CommandGateway;
  readonly eventStore: Pick<EventStore, 'readStream'>;
  readonly projectionQueries: ProjectionQueries;
  readonly alarms: AlarmSink;
  /** See `Config.projectionNoProgressSeconds`. */
  readonly noProgressSeconds: number;
  /** What else there is in this process. */
  readonly watched: readonly Watched[];
}

/**
 * Keeps the alarms of an API process: no writes, halted read models.
 * @returns the door for commands to use, which is watched, and what brings the alarms up to date
 */
export function watchApi(options: WatchedApi): { gateway: CommandGateway; look: () => Promise<void> } {
  const { eventStore, projectionQueries, alarms, watched } = options;
  const gateway = new WriteWatch(options.gateway);
  const lookAtOthers = watch(alarms, [
    { check: 'writes', subject: 'event store', ask: () => eventStoreProblem(eventStore) },
    { check: 'writes', subject: 'commands', ask: () => gateway.problem() },
    ...watched,
  ]);
  const lookAtProjections = projectionAlarms(projectionQueries, alarms, options.noProgressSeconds);
  return {
    gateway,
    look: async () => {
      await Promise.all([lookAtOthers(), lookAtProjections()]);
    },
  };
}
