import type { CommandEnvelope, CommandOutcome } from './gateway';

/** Who writes a stream. For liveness only: what keeps two writers apart is the expected revision of every append. */
export interface Ownership {
  /** Takes the stream, or says who has it. @throws StoreUnavailable */
  acquire(
    stream: string,
  ): Promise<{ readonly kind: 'held' } | { readonly kind: 'owned_by'; readonly address: string }>;
  /** Gives the stream up, so that another process need not wait; everything of it is in its checkpoint. Never throws. */
  release(stream: string): Promise<void>;
  /** Whether it is known at this moment, without asking anybody, that the stream is still ours. If not, it is asked. */
  holds(stream: string): boolean;
  /** The same once it was asked; false: it is not ours, or nobody can say. Never throws. */
  confirms(stream: string): Promise<boolean>;
  /** Calls with streams that another process turns out to have taken. */
  onLost(listener: (streams: readonly string[]) => void): void;
}

/** Whether nobody else can have appended: the stream is still ours, and late appends of a former owner fail. */
export function isCurrent(
  ownership: Pick<Ownership, 'holds'> | undefined,
  stream: string,
  { isEndOwn }: { readonly isEndOwn: boolean },
): boolean {
  // Asked in any case, so that it is known the next time.
  return ownership === undefined || (ownership.holds(stream) && isEndOwn);
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
  holds: () => true,
  confirms: () => Promise.resolve(true),
  onLost: () => undefined,
};
