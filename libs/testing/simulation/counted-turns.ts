import { Turns } from '@fintech-ledger/journal';

/** Turns whose clock goes on by 1 whenever it is looked at: commands are decided over many of them. */
export function countedTurns(steps: number): Turns {
  let count = 0;
  return new Turns({ nowMs: () => (count += 1), limits: { turnMsMax: steps } });
}
