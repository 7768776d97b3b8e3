import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';

/** The connection to a process that is no more: nobody knows what became of the command. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** Whether a command may be sent again without a key. */
export const wroteNothing = (error: unknown): boolean => error instanceof WriterUnavailable;
/** Whether only a key tells how it ended. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof CommandOutcomeUnknown || error instanceof ConnectionLost;
