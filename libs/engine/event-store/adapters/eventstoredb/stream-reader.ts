import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { status } from '@grpc/grpc-js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { checkPage } from '../../check-page';
import { checkRead } from '../../check-read';
import { readBytesMax } from '../../limits';
import { StoreUnavailable, StreamGone, StreamTruncated } from '../../port';
import type { ReadOptions, RecordedEvent } from '../../port';
import type { EventStoreUrl } from './event-store-url';
import { explainFailure } from './explain-failure';
import type { KnownPositions } from './known-positions';
import { answerMs } from './limits';
import { formatPosition } from './position';
import type { LogPosition } from './position';
import { logRequest, streamRequest } from './read-request';
import { recordedEvent } from './recorded-event';
import { isPositionRefused, serverErrorOf } from './server-error';
import { SilenceWatch } from './silence-watch';
import type { StreamsConnection } from './streams-connection';

export interface Page {
  readonly events: readonly RecordedEvent[];
  /** It ended at `readBytesMax`: more may follow. */
  readonly isCut: boolean;
  /** The server knows no such stream, or it was deleted. */
  readonly isMissing: boolean;
}

/** Where a page ends, and how long it may take. */
interface PageBounds {
  readonly bytesMax: number;
  readonly deadlineMs: number;
}

/** A stream that was deleted has 2^63 - 1 in its metadata: the revision before which it is cut off. */
const deletedBefore = 2 ** 62;

/** Reads pages, from the leader: a follower may not have yet what was just acknowledged. */
export class StreamReader {
  constructor(
    private readonly connection: StreamsConnection,
    private readonly url: EventStoreUrl,
    private readonly timing: {
      readonly timeoutMs: number;
      /** After how long without a word the node is asked whether it is there. */
      readonly silenceMs: number;
    },
    private readonly known: KnownPositions,
    /** The node says nothing any more. */
    private readonly onSilence: () => void,
  ) {}

  /** @throws StoreUnavailable, StreamTruncated, StreamGone; RangeError for bad options */
  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    checkRead(options);
    const { events, isMissing } = await this.page(streamRequest(stream, options), stream, {
      bytesMax: options.bytesMax ?? readBytesMax,
    });
    if (isMissing) {
      if (await this.isDeleted(stream)) throw new StreamGone(stream);
      return [];
    }
    // The server knows the stream, but has none of its events.
    const isFromEdge = options.direction === 'backwards' || (options.from ?? 0) === 0;
    if (events.length === 0 && isFromEdge) throw new StreamTruncated(stream, null);
    return checkPage(stream, options, events);
  }

  /** The last event of the log. @throws StoreUnavailable */
  async readEnd(): Promise<RecordedEvent | undefined> {
    return (await this.page(logRequest('last'))).events[0];
  }

  /**
   * A page of the log that the server filters.
   * @param mayTakeLong it goes through all of the log: as long as the node says that it is there, it is waited for
   * @throws StoreUnavailable
   */
  readLog(request: ReadReq, mayTakeLong: boolean): Promise<Page> {
    return this.page(request, '', mayTakeLong ? { deadlineMs: Infinity } : {});
  }

  /** Whether an event of the log begins exactly here. @throws StoreUnavailable */
  async isEvent(position: LogPosition): Promise<boolean> {
    try {
      const { events } = await this.page(logRequest(position));
      return events[0]?.position === formatPosition(position);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || !isPositionRefused(serverErrorOf(error.cause))) throw error;
      // 23.10 says so of any trouble with reading: if the log's end can be read, it is the position.
      await this.readEnd();
      return false;
    }
  }

  /** A stream that was deleted, but not for good, looks as if it had never been; its metadata tells. */
  private async isDeleted(stream: string): Promise<boolean> {
    const request = streamRequest(`$$${stream}`, { direction: 'backwards', limit: 1 });
    const { events } = await this.page(request, stream);
    const before = /"\$tb"\s*:\s*(\d+)/.exec(events[0]?.data ?? '')?.[1];
    return before !== undefined && Number(before) >= deletedBefore;
  }

  private async page(
    request: ReadReq,
    stream = '',
    { bytesMax = readBytesMax, deadlineMs = this.timing.timeoutMs }: Partial<PageBounds> = {},
  ): Promise<Page> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.readOnce(request, { bytesMax, deadlineMs });
      } catch (error) {
        const { code, exception } = serverErrorOf(error);
        // The client has moved on to the leader that the refusal named.
        if (exception === 'not-leader' && attempt < 3) continue;
        if (error instanceof StoreUnavailable) throw error;
        if (code === status.DEADLINE_EXCEEDED) this.onSilence();
        if (code === status.CANCELLED) {
          throw new StoreUnavailable('a read of EventStoreDB was given up before its answer', {
            cause: error,
          });
        }
        if (exception === 'stream-deleted') throw new StreamGone(stream, { cause: error });
        throw new StoreUnavailable(explainFailure(error, this.url), { cause: error });
      }
    }
  }

  private async readOnce(request: ReadReq, { bytesMax, deadlineMs }: PageBounds): Promise<Page> {
    const call = await this.connection.openRead(request, { requiresLeader: true, deadlineMs });
    const silence = this.watch(call);
    return new Promise((resolve, reject) => {
      const events: RecordedEvent[] = [];
      let bytes = 0;
      let isMissing = false;
      call.on('data', (response: ReadResp) => {
        silence.heard();
        isMissing ||= response.hasStreamNotFound();
        const read = recordedEvent(response);
        if (read === undefined || bytes > bytesMax) return;
        this.known.saw(read.position);
        events.push(read.event);
        bytes += Buffer.byteLength(read.event.data) + Buffer.byteLength(read.event.metadata);
        if (bytes <= bytesMax) return;
        resolve({ events, isMissing, isCut: true });
        // Not from within the client's own handler: https://github.com/grpc/grpc-node/issues/1652
        setImmediate(() => call.cancel());
      });
      call.on('end', () => resolve({ events, isMissing, isCut: false }));
      call.on('error', reject);
    });
  }

  private watch(call: ClientReadableStream<ReadResp>): SilenceWatch {
    let isOver = false;
    const silence = new SilenceWatch(this.timing.silenceMs, async () => {
      const isAnswering = await this.connection.isAnswering(call, answerMs);
      if (!isAnswering && !isOver) this.onSilence();
    });
    call.once('close', () => {
      isOver = true;
      silence.stop();
    });
    return silence;
  }
}
