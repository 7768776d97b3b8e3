import { organizationsSeen, OwnerLines } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import { largeAtOnceMax, largeBesideOthersMax } from '../limits';
import type { ApiRequest } from './api-request';
import { slicesOfProcess } from './slices';

/** A large request's place: `turn` resolves when it may be parsed, and to false when it was left before that. */
export interface LargeRequest {
  readonly turn: Promise<boolean>;
  /** To be called once, when the request has ended. */
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

  /** Parses the body of a request in its turn, in a slice of its own. */
  begin(request: ApiRequest, parse: () => void): void {
    const { principal, whenClosed } = request;
    const owner = principal?.organizationId ?? '';
    const { turn, leave } = this.enter(owner);
    request.whenClosed = () => {
      whenClosed?.();
      leave();
    };
    const askedAt = performance.now();
    const slice = (mayBegin: boolean): Promise<void> | undefined => {
      instruments.turnWaitSeconds.record((performance.now() - askedAt) / 1_000, { of: 'bodies' });
      return mayBegin ? slicesOfProcess.next(owner) : undefined;
    };
    void turn.then(slice).then(parse);
  }

  enter(owner: string): LargeRequest {
    let isInWork = false;
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
