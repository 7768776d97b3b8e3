import { FairTurns, TurnsTaken } from '@fintech-ledger/projection-runtime';
import { atOnceBesideOthersMax, countedAtOnceMs, turnWaitMsMax } from '../limits';
import type { ApiProblem } from '../problems/api-problem';
import type { ApiRequest } from './api-request';
import { waitedTooLong } from './large-requests';

/**
 * How many requests of one organization are in work at a time while several organizations are there. All that are in
 * work go on in turns, step by step, so a request takes as long as all steps of the others: with hundreds of them a
 * neighbour's single request would wait for hundreds.
 *
 * One that has been in work for long counts no more: it waits for a rail, a read model or a slow client, which costs
 * the others nothing.
 */
export class TurnsBesideOthers {
  private readonly turns: FairTurns;

  /** @param areSeveral whether several organizations are there; absent: as this process sees it */
  constructor(areSeveral?: () => boolean) {
    this.turns = new FairTurns({
      of: 'requests',
      runningMax: Infinity,
      runningOfOwnerMax: Infinity,
      runningOfOwnerBesideOthersMax: atOnceBesideOthersMax,
      // Admission bounds them.
      waitingOfOwnerMax: Infinity,
      waitMsMax: turnWaitMsMax,
      ...(areSeveral === undefined ? {} : { areSeveral }),
    });
  }

  /**
   * @param begin told whether its turn has come in time
   * @returns to be called once, when it has ended, or its client left: one that waits then is never begun
   */
  enter(owner: string, begin: (isInTime: boolean) => void): () => void {
    let isOver = false;
    let hasWaited = false;
    let end = (): void => undefined;
    const work = (): Promise<void> =>
      new Promise((resolve) => {
        if (isOver) return resolve();
        const long = setTimeout(resolve, countedAtOnceMs);
        // What was read from other connections meanwhile has its turn first.
        const next = hasWaited ? setImmediate(begin, true) : undefined;
        end = () => {
          clearTimeout(long);
          clearImmediate(next);
          resolve();
        };
        if (!hasWaited) begin(true);
      });
    this.turns.run(owner, work).catch((error: unknown) => {
      if (!(error instanceof TurnsTaken)) throw error;
      if (!isOver) begin(false);
    });
    hasWaited = true;
    return () => {
      isOver = true;
      end();
    };
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
