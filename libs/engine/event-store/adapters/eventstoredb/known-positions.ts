import { BoundedMap } from '@fintech-ledger/contract';
import { answeredPositionsMax } from './limits';
import { comparePositions, formatPosition } from './position';
import type { LogPosition } from './position';

/**
 * Tells whether an append was stored by this call or earlier. The server answers a repeated append like the first one, with the
 * first one's position: one that was in the log when the call began, or that another call was answered with.
 */
export class KnownPositions {
  private end: LogPosition | undefined;
  private readonly answered = new BoundedMap<string, true>(answeredPositionsMax);

  /** How far the log went at least, as far as is known. */
  get last(): LogPosition | undefined {
    return this.end;
  }

  /** This position was seen in the log. */
  saw(position: LogPosition): void {
    if (this.end === undefined || comparePositions(position, this.end) > 0) this.end = position;
  }

  /**
   * An append was answered with this position.
   * @param endBefore `last` when it was sent
   * @returns whether it was stored before
   */
  answeredWith(position: LogPosition, endBefore: LogPosition | undefined): boolean {
    const key = formatPosition(position);
    const isKnown =
      this.answered.get(key) === true ||
      (endBefore !== undefined && comparePositions(position, endBefore) <= 0);
    this.answered.set(key, true);
    this.saw(position);
    return isKnown;
  }
}
