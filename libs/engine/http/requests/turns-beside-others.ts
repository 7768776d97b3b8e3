import { organizationsSeen, OwnerLines } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import { atOnceBesideOthersMax, countedAtOnceMs, turnWaitMsMax } from '../limits';
import type { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { waitedTooLong } from './large-requests';

/** A request in work. */
interface Working {
  readonly owner: string;
  readonly sinceMs: number;
  /** Not any more once it has ended, or has been in work for so long that it waits for something. */
  isCounted: boolean;
}

/** Absent: as this process sees them. */
interface Seen {
  readonly areSeveral: () => boolean;
  /** A monotonic clock, milliseconds. */
  readonly nowMs: () => number;
}

/**
 * How many requests of one organization are in work at a time while several organizations are there. All that are in
 * work go on in turns, step by step, so a request takes as long as all steps of the others: with hundreds of them a
 * neighbour's single request would wait for hundreds.
 *
 * One that has been in work for long counts no more: it waits for a rail, a read model or a slow client, which costs
 * the others nothing.
 */
export class TurnsBesideOthers {
  private readonly waiting = new OwnerLines<() => void>();
  private readonly workingOf = new Map<string, number>();
  /** The oldest one first; some have ended. */
  private begun: Working[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly seen: Seen = {
      areSeveral: () => organizationsSeen.areSeveral,
      nowMs: () => performance.now(),
    },
  ) {}

  /**
   * @param begin told whether its turn has come in time
   * @returns to be called once, when it has ended, or its client left: one that waits then is never begun
   */
  enter(owner: string, begin: (isInTime: boolean) => void): () => void {
    if (!this.isFree(owner)) return this.wait(owner, begin);
    const working = this.begin(owner);
    begin(true);
    return () => this.ended(working);
  }

  private wait(owner: string, begin: (isInTime: boolean) => void): () => void {
    const askedAtMs = this.seen.nowMs();
    const turn = (): void => {
      clearTimeout(late);
      instruments.turnWaitSeconds.record((this.seen.nowMs() - askedAtMs) / 1_000, { of: 'requests' });
      const working = this.begin(owner);
      // What was read from other connections meanwhile has its turn first.
      const next = setImmediate(begin, true);
      leave = () => {
        clearImmediate(next);
        this.ended(working);
      };
    };
    let leave = (): void => {
      clearTimeout(late);
      this.waiting.remove(owner, turn);
    };
    const late = setTimeout(() => {
      leave();
      begin(false);
    }, turnWaitMsMax);
    this.waiting.put(owner, turn);
    return () => leave();
  }

  private isFree(owner: string): boolean {
    return (this.workingOf.get(owner) ?? 0) < atOnceBesideOthersMax || !this.seen.areSeveral();
  }

  private begin(owner: string): Working {
    const working = { owner, sinceMs: this.seen.nowMs(), isCounted: true };
    this.workingOf.set(owner, (this.workingOf.get(owner) ?? 0) + 1);
    this.begun.push(working);
    this.timer ??= setInterval(() => this.look(), countedAtOnceMs / 4).unref();
    return working;
  }

  private ended(working: Working): void {
    if (!working.isCounted) return;
    working.isCounted = false;
    const left = (this.workingOf.get(working.owner) ?? 1) - 1;
    if (left === 0) this.workingOf.delete(working.owner);
    else this.workingOf.set(working.owner, left);
    // More than one when several organizations were there until now.
    let next = this.waiting.take((owner) => this.isFree(owner));
    for (; next !== undefined; next = this.waiting.take((owner) => this.isFree(owner))) next.item();
  }

  /** Those that take long are counted no more. */
  private look(): void {
    const before = this.seen.nowMs() - countedAtOnceMs;
    const counted = this.begun.filter(({ isCounted }) => isCounted);
    this.begun = counted.filter(({ sinceMs }) => sinceMs > before);
    for (const working of counted) if (working.sinceMs <= before) this.ended(working);
    if (this.begun.length > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/**
 * Begins a request while several organizations are there. What takes long has bounds of its own, and what is brief
 * needs none.
 * @param begin given a problem when its turn did not come in time
 */
export function beginInTurn(
  turns: TurnsBesideOthers,
  request: ApiRequest,
  begin: (late?: ApiProblem) => void,
): void {
  const { endpoint, principal, whenClosed } = request;
  if (endpoint?.takesTurn !== true || principal === null) {
    begin();
    return;
  }
  const askedAtMs = performance.now();
  let end = (): void => undefined;
  request.whenClosed = () => {
    whenClosed?.();
    end();
  };
  end = turns.enter(principal.organizationId, (isInTime) => {
    request.turnWaitMs = performance.now() - askedAtMs;
    begin(isInTime ? undefined : waitedTooLong('requests'));
  });
}
