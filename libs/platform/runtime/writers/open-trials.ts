import { PostgresCheckpointStore } from '@fintech-ledger/checkpoint-store';
import type { Logger } from '@fintech-ledger/logging';
import { RequestHashes, Trials } from '@fintech-ledger/journal';
import type { TrialsOptions, WriterMemory } from '@fintech-ledger/journal';
import type { WritersContext } from './open-writers';

/** Part of the memory of writers that dry runs may have. */
const trialsShare = 0.5;
/** Records that the writer of one dry run keeps beyond those that it has not saved. */
const trialRecordsMax = 10_000;

interface TrialsContext extends Pick<
  WritersContext,
  'actors' | 'clocks' | 'database' | 'modules' | 'secret'
> {
  /** It is read alone. */
  readonly eventStore: TrialsOptions['eventStore'];
  /** What dry runs share with the writers of the process, and how much that is. */
  readonly memory: WriterMemory;
  readonly memoryBytesMax: number;
  readonly log: Pick<Logger, 'error'>;
}

/** Dry runs of many commands, wherever their streams are written. */
export function openTrials({
  database,
  memoryBytesMax,
  modules,
  log,
  secret,
  ...shared
}: TrialsContext): Trials {
  return new Trials({
    ...shared,
    domainOf: (stream) => modules.domainOf(stream),
    checkpoints: new PostgresCheckpointStore(database, { secret }),
    requestHashes: new RequestHashes(secret),
    cacheRecords: trialRecordsMax,
    limits: { trialBytesMax: memoryBytesMax * trialsShare },
    onBroken: (stream, err) => log.error({ err, stream }, 'a dry run was stopped'),
  });
}
