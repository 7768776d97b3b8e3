import { pauseAfter } from '@fintech-ledger/contract';

/** How an endpoint has answered lately, over all of its messages. */
export interface Circuit {
  readonly failuresInARow: number;
  /** The end of the first of them, in milliseconds since 1970; null: the last attempt was a success. */
  readonly failingSince: number | null;
  /** While it is open: when one attempt may be made to see whether the endpoint answers. Null: it is closed. */
  readonly probeAt: number | null;
}

/** Of an endpoint that has answered, or was never asked. */
export const closedCircuit: Circuit = { failuresInARow: 0, failingSince: null, probeAt: null };

/** So many failures in a row open it. */
const failuresToOpen = 10;
const [firstPauseMs, longestPauseMs] = [10_000, 600_000];
/** An endpoint that has failed for so long, and not answered once, is disabled. */
const failingMsToDisable = 5 * 24 * 3_600_000;

/** After an attempt: a success closes it, and so many failures open it, each time for longer. */
export function circuitAfter(circuit: Circuit, isSuccess: boolean, endedAt: number): Circuit {
  if (isSuccess) return closedCircuit;
  const failuresInARow = circuit.failuresInARow + 1;
  const over = failuresInARow - failuresToOpen;
  return {
    failuresInARow,
    failingSince: circuit.failingSince ?? endedAt,
    probeAt: over < 0 ? null : endedAt + pauseAfter(over, firstPauseMs, longestPauseMs),
  };
}

/**
 * Whether an attempt may be made now, and the circuit once it is: while it is open one attempt at a time, until that
 * has an end or is given up.
 * What may not be attempted waits; it is no attempt that failed.
 */
export function admit(
  circuit: Circuit,
  now: number,
  attemptMs: number,
): { isAdmitted: boolean; circuit: Circuit } {
  if (circuit.probeAt === null) return { isAdmitted: true, circuit };
  if (now < circuit.probeAt) return { isAdmitted: false, circuit };
  return { isAdmitted: true, circuit: { ...circuit, probeAt: now + attemptMs } };
}

/** Whether the endpoint has failed for so long that it is disabled, and its organization told. */
export function isFailingForTooLong({ failingSince }: Circuit, now: number): boolean {
  return failingSince !== null && now - failingSince >= failingMsToDisable;
}
