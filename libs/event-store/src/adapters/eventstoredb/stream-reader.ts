import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { checkRead } from '../../check-read';
import { readBytesMax } from '../../limits';
import { StoreUnavailable } from '../../port';
import type { ReadOptions, RecordedEvent } from '../../port';
import type { EventStoreUrl } from './event-store-url';
import { explainFailure } from './explain-failure';
import type { KnownPositions } from './known-positions';
import type { LogPosition } from './position';
import { logRequest, streamRequest } from './read-request';
import { recordedEvent } from './recorded-event';
import { serverErrorOf } from './server-error';
import type { StreamsConnection } from './streams-connection';

/** Reads pages, from the leader: a follower may not have yet what was just acknowledged. */
export class StreamReader {
  constructor(
    private readonly connection: StreamsConnection,
    private readonly url: EventStoreUrl,
    private readonly timeoutMs: number,
    private readonly known: KnownPositions,
  ) {}

  /** @throws StoreUnavailable; RangeError for bad options; Error when the stream was deleted for good */
  async readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    checkRead(options);
    return this.page(streamRequest(stream, options));
  }

  /** The event of the log at this position, or the first one after it; undefined beyond its end. @throws StoreUnavailable */
  async readLog(position: LogPosition | 'last'): Promise<RecordedEvent | undefined> {
    return (await this.page(logRequest(position)))[0];
  }

  private async page(request: ReadReq): Promise<readonly RecordedEvent[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.readOnce(request);
      } catch (error) {
        const { exception, details } = serverErrorOf(error);
        // The client has moved on to the leader that the refusal named.
        if (exception === 'not-leader' && attempt < 3) continue;
        if (exception === 'stream-deleted') {
          throw new Error(`the stream was deleted for good in EventStoreDB: ${details}`, { cause: error });
        }
        throw new StoreUnavailable(explainFailure(error, this.url), { cause: error });
      }
    }
  }

  private async readOnce(request: ReadReq): Promise<readonly RecordedEvent[]> {
    const call = await this.connection.openRead(request, {
      requiresLeader: true,
      deadlineMs: this.timeoutMs,
    });
    return new Promise((resolve, reject) => {
      const events: RecordedEvent[] = [];
      let bytes = 0;
      call.on('data', (response: ReadResp) => {
        const read = recordedEvent(response);
        if (read === undefined || bytes > readBytesMax) return;
        this.known.saw(read.position);
        events.push(read.event);
        bytes += Buffer.byteLength(read.event.data) + Buffer.byteLength(read.event.metadata);
        if (bytes <= readBytesMax) return;
        resolve(events);
        // Not from within the client's own handler: https://github.com/grpc/grpc-node/issues/1652
        setImmediate(() => call.cancel());
      });
      // A missing stream is an answer without events.
      call.on('end', () => resolve(events));
      call.on('error', reject);
    });
  }
}
