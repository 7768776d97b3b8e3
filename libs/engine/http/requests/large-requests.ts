import { organizationsSeen, OwnerLines } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import { largeAtOnceMax, largeBesideOthersMax, largeWaitMsMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { slicesOfProcess } from './slices';

/** A large request's place: `turn` resolves when it may be parsed, and to false when it was left before that. */
export interface LargeRequest {
  readonly turn: Promise<boolean>;
  /** To be called when the request has ended, or waits no more. */
  readonly leave: () => void;
}

/**
 * Bounds how many large requests of one owner are in work, from their parsing to their answer. What a body becomes is
 * many times its size, and lives until it is answered: the garbage collector copies all of it again and again, and
 * everybody waits for that. The others of the owner wait as bytes.
 */
export class LargeRequests {
  private readonly waiting = new OwnerLines<() => void>();
  private readonly inWork = new Map<string, number>();

  constructor(private readonly areSeveral: () => boolean = () => organizationsSeen.areSeveral) {}

  /** Parses the body of a request in its turn, in a slice of its own, or refuses it when it has waited too long. */
  begin(request: ApiRequest, parse: () => void, refuse: (problem: ApiProblem) => void): void {
    const { principal, whenClosed } = request;
    const owner = principal?.organizationId ?? '';
    const { turn, leave } = this.enter(owner);
    const timer = setTimeout(leave, largeWaitMsMax);
    const askedAt = performance.now();
    request.bodyAtMs = askedAt;
    request.whenClosed = () => {
      whenClosed?.();
      leave();
    };
    void turn.then(async (mayBegin) => {
      clearTimeout(timer);
      instruments.turnWaitSeconds.record((performance.now() - askedAt) / 1_000, { of: 'bodies' });
      if (!mayBegin) return refuse(waitedTooLong());
      await slicesOfProcess.next(owner);
      return parse();
    });
  }

  enter(owner: string): LargeRequest {
    let isInWork = false;
    let hasLeft = false;
    let begin = (_mayBegin: boolean): void => undefined;
    const turn = new Promise<boolean>((resolve) => (begin = resolve));
    const start = (): void => {
      isInWork = true;
      this.inWork.set(owner, this.countOf(owner) + 1);
      begin(true);
    };
    if (this.mayBegin(owner)) start();
    else this.waiting.put(owner, start);
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      if (isInWork) this.end(owner);
      else {
        this.waiting.remove(owner, start);
        begin(false);
      }
    };
    return { turn, leave };
  }

  private mayBegin(owner: string): boolean {
    return this.countOf(owner) < (this.areSeveral() ? largeBesideOthersMax : largeAtOnceMax);
  }

  private countOf(owner: string): number {
    return this.inWork.get(owner) ?? 0;
  }

  private end(owner: string): void {
    const left = this.countOf(owner) - 1;
    if (left === 0) this.inWork.delete(owner);
    else this.inWork.set(owner, left);
    while (this.mayBegin(owner)) {
      const next = this.waiting.take((waiting) => waiting === owner);
      if (next === undefined) return;
      next.item();
    }
  }
}

function waitedTooLong(): ApiProblem {
  const detail = 'Other large requests of this organization take too long: this one was not begun.';
  return new ApiProblem('unavailable', detail, { headers: { 'Retry-After': '1' } });
}
