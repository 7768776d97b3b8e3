import type { CommandEnvelope, CommandOutcome } from './gateway';

/** Who writes a stream. For liveness only: what keeps two writers apart is the expected revision of every append. */
export interface Ownership {
  /** Takes the stream, or says who has it. @throws StoreUnavailable */
  acquire(
    stream: string,
  ): Promise<{ readonly kind: 'held' } | { readonly kind: 'owned_by'; readonly address: string }>;
  /** Gives the stream up, so that another process need not wait; everything of it is in its checkpoint. Never throws. */
  release(stream: string): Promise<void>;
}

/** Hands a command to the process that writes its stream. */
export interface Forwarder {
  /**
   * @throws WriterUnavailable it did not get there, or there it was refused: nothing was written
   * @throws CommandOutcomeUnknown it may have been carried out
   */
  forward(address: string, envelope: CommandEnvelope): Promise<CommandOutcome>;
}

/** For a process that is alone on its store. */
export const soleOwnership: Ownership = {
  acquire: () => Promise.resolve({ kind: 'held' }),
  release: () => Promise.resolve(),
};
