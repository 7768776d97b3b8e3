import { messageOf } from '@fintech-ledger/contract';
import type { Logger } from '@fintech-ledger/logging';
import type { Rail } from '../rails/rail';
import { inTime } from './in-time';

export interface CallingRails {
  /** By their names. */
  readonly rails: ReadonlyMap<string, Rail>;
  readonly log: Pick<Logger, 'warn'>;
  readonly callMsMax: number;
}
interface Intended {
  readonly rail: string;
  readonly isQuestion: boolean;
  /** What the log says of the call. */
  readonly about: Readonly<Record<string, string>>;
}

/**
 * What becomes of one call of a rail, or of one question to it.
 * @returns undefined: nothing came back of a call, whatever it has done
 * @throws Error nothing came back of a question, or the rail is not known
 */
export async function callRail<T>(
  { rails, log, callMsMax }: CallingRails,
  { rail: name, isQuestion, about }: Intended,
  signal: AbortSignal,
  ask: (rail: Rail, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const rail = rails.get(name);
  if (rail === undefined) throw new Error(`there is no rail ${name}`);
  try {
    return await inTime((ended) => ask(rail, ended), callMsMax, signal);
  } catch (error) {
    if (isQuestion || signal.aborted) throw error;
    log.warn({ ...about, reason: messageOf(error) }, 'a rail did not answer');
    return undefined;
  }
}
