import { once } from 'node:events';
import { securityHeaders } from '@fintech-ledger/contract';
import type { FastifyReply } from 'fastify';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { ApiLog } from '@fintech-ledger/http';
import { eventStreamHeartbeatSeconds, eventStreamsMax, retryable } from '@fintech-ledger/http';
import { eventJson } from './event-json';
import { liveEvents } from './live-events';

export interface StreamRequest {
  readonly stream: string;
  readonly fromRevision: number;
  readonly matches: (event: RecordedEvent) => boolean;
  /** Asked with every sign of life; the stream ends when it is false. */
  readonly isStillAllowed: () => Promise<boolean>;
}

/** The server-sent event streams (WHATWG HTML, 9.2) of this process. A client that does not read holds back its own stream only. */
export class EventStreams {
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly store: EventStore,
    private readonly log: ApiLog,
  ) {}

  /** Resolves when the stream has ended. @throws ApiProblem `too_many_streams` */
  async serve(reply: FastifyReply, request: StreamRequest): Promise<void> {
    if (this.open.size >= eventStreamsMax) {
      throw retryable('too_many_streams', 'This process serves as many event streams as it may.', 5);
    }
    const ending = new AbortController();
    this.open.add(ending);
    const { raw } = reply;
    raw.on('close', () => ending.abort());
    const beat = this.heartbeat(reply, request, ending);
    try {
      reply.hijack();
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        ...securityHeaders,
        'request-id': reply.request.id,
        'x-accel-buffering': 'no',
      });
      raw.write('retry: 1000\n\n');
      for await (const batch of liveEvents(this.store, request.stream, request.fromRevision, ending.signal)) {
        const text = batch.filter(request.matches).map(message).join('');
        if (text !== '' && !raw.write(text)) await once(raw, 'drain', { signal: ending.signal });
      }
    } catch (error) {
      // The client comes back with Last-Event-ID; nothing is lost.
      if (!ending.signal.aborted)
        this.log.warn({ err: error, request_id: reply.request.id }, 'event stream ended');
    } finally {
      clearInterval(beat);
      this.open.delete(ending);
      raw.end();
    }
  }

  /** Ends all streams, so that the process can stop. */
  endAll(): void {
    for (const ending of this.open) ending.abort();
  }

  private heartbeat(
    { raw }: FastifyReply,
    { isStillAllowed }: StreamRequest,
    ending: AbortController,
  ): NodeJS.Timeout {
    return setInterval(() => {
      if (!raw.writableNeedDrain) raw.write(': still here\n\n');
      isStillAllowed().then(
        (isAllowed) => {
          if (!isAllowed) ending.abort();
        },
        // The read models are unavailable: asked again at the next beat.
        () => undefined,
      );
    }, eventStreamHeartbeatSeconds * 1_000);
  }
}

function message(event: RecordedEvent): string {
  return `id: ${event.revision}\nevent: ${event.type}\ndata: ${eventJson(event)}\n\n`;
}
