import type { CommandEnvelope, CommandOutcome } from './gateway';

/** What the directory needs of a writer. */
export interface OpenWriter {
  readonly isStopped: boolean;
  readonly isIdle: boolean;
  load(): Promise<void>;
  submit(envelope: CommandEnvelope): Promise<CommandOutcome>;
  /** Ends at once: whoever waits is told to try again elsewhere. */
  stop(reason: Error): void;
  /** As `stop`, but what is on its way to the store is seen through. */
  leave(reason: Error): void;
  /** Returns whether the checkpoint has everything. */
  close(): Promise<boolean>;
}
