import type { BrokenInvariant } from '@fintech-ledger/contract';
import type { EventStore } from '@fintech-ledger/event-store';
import type { CheckpointSnapshots } from './checkpoint-store';
import type { DomainEvent, DomainRecord } from './domain';
import type { trialLimits } from './limits';
import type { WriterDependencies } from './writer-dependencies';
import type { WriterMemory } from './writer-memory';

export type TrialLimits = { readonly [K in keyof typeof trialLimits]: number };
type Dependencies = WriterDependencies<unknown, DomainEvent, DomainRecord>;

export interface TrialsOptions extends Pick<Dependencies, 'actors' | 'clocks' | 'requestHashes'> {
  readonly domainOf: (stream: string) => Dependencies['domain'];
  /** It is read alone. */
  readonly eventStore: Pick<EventStore, 'limits' | 'readStream'>;
  readonly checkpoints: CheckpointSnapshots;
  readonly clock?: Dependencies['clock'];
  /** What is shared with the writers of the process. Absent: no bound. */
  readonly memory?: WriterMemory | undefined;
  readonly limits?: Partial<TrialLimits>;
  readonly cacheRecords: number;
  /** What was decided contradicts what is known. */
  readonly onBroken?: (stream: string, error: BrokenInvariant) => void;
}
