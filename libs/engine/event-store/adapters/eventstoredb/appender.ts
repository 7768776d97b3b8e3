import { randomUUID } from 'node:crypto';
import { OutcomeUnknown, StoreUnavailable } from '../../port';
import type { EventToAppend, ExpectedRevision } from '../../port';
import { withDeadline } from '../../with-deadline';
import { readAnswer } from './append-answer';
import type { Stored } from './append-answer';
import { appendRequests } from './append-request';
import { AppendSession, SessionLost } from './append-session';
import type { EventStoreUrl } from './event-store-url';
import { explainFailure } from './explain-failure';
import { appendsInFlightMax } from './limits';
import { isRefused, serverErrorOf } from './server-error';
import type { StreamsConnection } from './streams-connection';

/** Sends appends and waits for their outcome, not for ever. */
export class Appender {
  private session: AppendSession | undefined;
  private opening: Promise<AppendSession> | undefined;
  private inFlight = 0;

  constructor(
    private readonly connection: StreamsConnection,
    private readonly url: EventStoreUrl,
    private readonly timeoutMs: number,
    /** An append was not answered, and its session was given up. */
    private readonly onSilence: () => void,
  ) {}

  /** @throws WrongExpectedRevision, OutcomeUnknown, StoreUnavailable, AppendTooLarge */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Stored> {
    if (this.inFlight >= appendsInFlightMax) {
      throw new StoreUnavailable(`${appendsInFlightMax} appends wait for EventStoreDB already`);
    }
    this.inFlight += 1;
    const deadline = performance.now() + this.timeoutMs;
    const left = (): number => Math.max(0, deadline - performance.now());
    try {
      const session = await withDeadline(this.openSession(), left(), () => {
        return new StoreUnavailable(`no connection to EventStoreDB within ${this.timeoutMs} ms`);
      });
      const id = randomUUID();
      const requests = appendRequests(id, stream, expected, events);
      const answer = session.send(id, requests).catch((error: unknown) => this.throwLost(error));
      const response = await withDeadline(answer, left(), () => {
        session.forget(id);
        this.abandon(session);
        return new OutcomeUnknown(`no answer to an append within ${this.timeoutMs} ms`);
      });
      return readAnswer(response, stream, expected);
    } finally {
      this.inFlight -= 1;
    }
  }

  /** The node may be frozen, or the connection dead without having noticed: the next append asks the nodes again who leads. */
  private abandon(session: AppendSession): void {
    if (this.session !== session) return;
    this.session = undefined;
    session.retire();
    this.onSilence();
  }

  private async openSession(): Promise<AppendSession> {
    if (this.session && !this.session.isOver) return this.session;
    this.opening ??= this.connection
      .openAppends()
      .then((stream) => (this.session = new AppendSession(stream)))
      .finally(() => (this.opening = undefined));
    try {
      return await this.opening;
    } catch (error) {
      throw new StoreUnavailable(explainFailure(error, this.url), { cause: error });
    }
  }

  private throwLost(error: unknown): never {
    if (!(error instanceof SessionLost)) throw error;
    const { cause, waiting } = error;
    const failure = serverErrorOf(cause);
    // "Not the leader" is said of one append, and ends the stream for the others too, which may have been taken before.
    const isCertain = isRefused(failure) && (failure.exception !== 'not-leader' || waiting === 1);
    const message = explainFailure(cause, this.url);
    if (isCertain) throw new StoreUnavailable(message, { cause });
    throw new OutcomeUnknown(`the connection was lost before the answer: ${message}`, { cause });
  }
}
