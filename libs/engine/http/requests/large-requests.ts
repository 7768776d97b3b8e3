import { FairTurns, TurnsTaken } from '@fintech-ledger/projection-runtime';
import { largeAtOnceMax, largeBesideOthersMax, largeWaitMsMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { slicesOfProcess } from './slices';

/**
 * Bounds how many large requests of one organization are in work, from their parsing to their answer. What a body
 * becomes is many times its size, and lives until it is answered: the garbage collector copies all of it again and
 * again, and everybody waits for that. The others of the organization wait as bytes.
 */
export class LargeRequests {
  private readonly turns: FairTurns;

  /** @param areSeveral whether several organizations are there; absent: as this process sees it */
  constructor(areSeveral?: () => boolean) {
    this.turns = new FairTurns({
      of: 'bodies',
      runningMax: Infinity,
      runningOfOwnerMax: largeAtOnceMax,
      runningOfOwnerBesideOthersMax: largeBesideOthersMax,
      // Admission bounds them.
      waitingOfOwnerMax: Infinity,
      waitMsMax: largeWaitMsMax,
      ...(areSeveral === undefined ? {} : { areSeveral }),
    });
  }

  /** Parses the body of a request in its turn, in a slice of its own, or refuses it when it has waited too long. */
  begin(request: ApiRequest, parse: () => void, refuse: (error: Error) => void): void {
    const { principal, whenClosed } = request;
    const owner = principal?.organizationId ?? '';
    let isClosed = false;
    const closed = new Promise<void>((resolve) => {
      request.whenClosed = () => {
        whenClosed?.();
        isClosed = true;
        resolve();
      };
    });
    request.bodyAtMs = performance.now();
    const work = async (): Promise<void> => {
      // Its client left while it waited.
      if (isClosed) return;
      await slicesOfProcess.next(owner);
      parse();
      await closed;
    };
    this.turns
      .run(owner, work)
      .catch((error: Error) => refuse(error instanceof TurnsTaken ? waitedTooLong('large requests') : error));
  }
}

/** @param others what it waited for */
export function waitedTooLong(others: string): ApiProblem {
  const detail = `Other ${others} of this organization take too long: this one was not begun.`;
  return new ApiProblem('unavailable', detail, { headers: { 'Retry-After': '1' } });
}
