import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { subscriptionBatchBytesMax, subscriptionBatchEvents } from '../../limits';
import { PositionUnknown, StoreUnavailable } from '../../port';
import type { RecordedEvent, SubscribeOptions } from '../../port';
import type { EventSource } from '../../polled-subscription';
import { withDeadline } from '../../with-deadline';
import type { EventStoreUrl } from './event-store-url';
import { explainFailure } from './explain-failure';
import { comparePositions, formatPosition } from './position';
import type { LogPosition } from './position';
import { positionOf, positionUnknown } from './position-unknown';
import { answerMs } from './limits';
import { subscriptionRequest } from './read-request';
import { recordedEvent } from './recorded-event';
import { isPositionRefused, serverErrorOf } from './server-error';
import { SilenceWatch } from './silence-watch';
import type { StreamReader } from './stream-reader';
import type { StreamsConnection } from './streams-connection';

export interface SubscriptionContext {
  readonly connection: StreamsConnection;
  readonly reader: StreamReader;
  readonly url: EventStoreUrl;
  /** How long the server may take to confirm a subscription. */
  readonly openTimeoutMs: number;
  /** After how long without a word the node is asked whether it is there. */
  readonly silenceMs: number;
  /** The node says nothing any more. */
  readonly onSilence: (reason: StoreUnavailable) => void;
  /** Something arrived, or the subscription was lost: `read()` has something to say. */
  readonly onNews: () => void;
  /** The subscription was lost, or could not be opened; it will be opened again. */
  readonly onLost: (error: Error) => void;
}

const sizeOf = ({ data, metadata }: RecordedEvent): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata);

/**
 * A filtered subscription to the log, opened again where it was after it is lost. What arrived waits in a buffer of at most about
 * two batches; then the server waits.
 */
export class SubscriptionSource implements EventSource {
  private readonly batchMax: number;
  private readonly buffer: RecordedEvent[] = [];
  private bufferedBytes = 0;
  private call: ClientReadableStream<ReadResp> | undefined;
  private readonly silence: SilenceWatch;
  private failure: Error | undefined;
  private isClosed = false;
  /** The last event that was received, or the one to begin after. */
  private lastEvent: LogPosition | undefined;
  /** Everything of ours up to here is in the buffer or was taken from it. */
  private received: LogPosition | undefined;

  constructor(
    private readonly options: SubscribeOptions,
    private readonly context: SubscriptionContext,
  ) {
    this.batchMax = options.batchEventsMax ?? subscriptionBatchEvents;
    this.silence = new SilenceWatch(context.silenceMs, () => this.ask());
  }

  /** @throws StoreUnavailable it was lost: asking again opens it again · PositionUnknown */
  async read(): Promise<{ readonly events: readonly RecordedEvent[]; readonly more: boolean }> {
    const { failure } = this;
    this.failure = undefined;
    // What arrived before it was lost is handed over first.
    if (failure && this.buffer.length === 0) throw failure;
    if (!failure && !this.call && !this.isClosed) await this.open();
    return this.takeBatch();
  }

  /** What was subscribed to says nothing any more: it is opened again where it was. */
  reopen(reason: Error): void {
    const { call } = this;
    if (call === undefined || this.isClosed) return;
    this.call = undefined;
    call.cancel();
    this.failure = this.unavailable(reason);
    this.context.onNews();
  }

  /** Ends the subscription on the server too. */
  close(): void {
    this.isClosed = true;
    this.silence.stop();
    this.call?.cancel();
    this.call = undefined;
  }

  private async open(): Promise<void> {
    try {
      await this.checkStart();
      const { connection, openTimeoutMs } = this.context;
      const request = subscriptionRequest(this.received, this.options.streamPrefixes);
      const call = await connection.openRead(request, { requiresLeader: false, deadlineMs: Infinity });
      if (this.isClosed) {
        call.on('error', () => undefined).cancel();
        return;
      }
      await withDeadline(this.confirmed(call), openTimeoutMs, () => {
        call.cancel();
        return new StoreUnavailable(`EventStoreDB did not confirm a subscription within ${openTimeoutMs} ms`);
      });
    } catch (error) {
      this.call = undefined;
      if (error instanceof PositionUnknown || this.isClosed) throw error;
      // A checkpoint that the server gave and does not know any more: from the last event on.
      if (isPositionRefused(serverErrorOf(error))) this.received = this.lastEvent;
      const lost = this.unavailable(error);
      this.context.onLost(lost);
      throw lost;
    }
  }

  /**
   * A position that this store never gave would begin somewhere else without a word. Looked at each time: after a reconnect it may be
   * another store, or an older backup of it.
   * @throws PositionUnknown
   */
  private async checkStart(): Promise<void> {
    const { after } = this.options;
    const start = this.lastEvent ?? (after === undefined ? undefined : positionOf(after));
    if (start === undefined) return;
    if (!(await this.context.reader.isEvent(start))) throw positionUnknown(formatPosition(start));
    this.lastEvent = start;
    this.received ??= start;
  }

  private confirmed(call: ClientReadableStream<ReadResp>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.call = call;
      const lose = (error: unknown): void => {
        reject(error);
        if (this.call !== call) return;
        this.call = undefined;
        if (this.isClosed) return;
        this.failure = this.unavailable(error);
        this.context.onNews();
      };
      call.on('data', (response: ReadResp) => {
        if (this.call !== call) return;
        this.silence.heard();
        if (response.hasConfirmation()) resolve();
        this.take(response);
      });
      call.on('error', lose);
      call.on('end', () => lose(new Error('EventStoreDB ended the subscription')));
    });
  }

  /**
   * Nothing was heard for a while: nothing happens, or the node is frozen, or the connection is dead. The server says
   * nothing on its own in the first case, and without keepalive nobody would ever know.
   */
  private async ask(): Promise<void> {
    const { call } = this;
    // While the consumer is slow it is we who keep the server waiting.
    if (call === undefined || this.isFull()) return;
    if (await this.context.connection.isAnswering(call, answerMs)) return;
    if (this.call !== call || this.isClosed) return;
    this.context.onSilence(
      new StoreUnavailable(
        `the node of a subscription has said nothing for ${this.context.silenceMs} ms and more`,
      ),
    );
  }

  private take(response: ReadResp): void {
    const checkpoint = response.getCheckpoint();
    if (checkpoint) {
      this.moveTo({ commit: checkpoint.getCommitPosition(), prepare: checkpoint.getPreparePosition() });
      return;
    }
    const read = recordedEvent(response);
    // After a reconnect the server may begin a little earlier than it was asked to.
    if (read === undefined || !this.moveTo(read.position)) return;
    this.lastEvent = read.position;
    // The server's own events are nobody's, also those that it puts into our streams ($streamDeleted).
    if (read.event.type.startsWith('$')) return;
    this.buffer.push(read.event);
    this.bufferedBytes += sizeOf(read.event);
    if (this.isFull()) this.call?.pause();
    this.context.onNews();
  }

  /** @returns whether this is further than before */
  private moveTo(position: LogPosition): boolean {
    if (this.received && comparePositions(position, this.received) <= 0) return false;
    this.received = position;
    return true;
  }

  private takeBatch(): { readonly events: readonly RecordedEvent[]; readonly more: boolean } {
    let bytes = 0;
    let count = 0;
    for (const event of this.buffer) {
      if (count === this.batchMax || bytes > subscriptionBatchBytesMax) break;
      bytes += sizeOf(event);
      count += 1;
    }
    const events = this.buffer.splice(0, count);
    this.bufferedBytes -= bytes;
    if (!this.isFull()) this.call?.resume();
    // After a whole batch there is no reason to wait for more to gather.
    return { events, more: count === this.batchMax || bytes > subscriptionBatchBytesMax };
  }

  private isFull(): boolean {
    return this.buffer.length >= 2 * this.batchMax || this.bufferedBytes > subscriptionBatchBytesMax;
  }

  private unavailable(error: unknown): StoreUnavailable {
    if (error instanceof StoreUnavailable) return error;
    return new StoreUnavailable(explainFailure(error, this.context.url), { cause: error });
  }
}
