import { once } from 'node:events';
import { securityHeaders } from '@fintech-ledger/contract';
import type { FastifyReply } from 'fastify';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { instruments } from '@fintech-ledger/telemetry';
import type { ApiLog, ApiRequest } from '@fintech-ledger/http';
import {
  ApiProblem,
  clientSilenceMsMax,
  eventStreamHeartbeatSeconds,
  eventStreamsMax,
  retryable,
  slicesOfProcess,
} from '@fintech-ledger/http';
import { eventJson } from './event-json';
import { cutGraceMs, unslicedEventsMax, writtenAtOnceCharacters } from './limits';
import { liveEvents } from './live-events';

export interface StreamRequest {
  /** The organization that asks. */
  readonly owner: string;
  readonly stream: string;
  readonly fromRevision: number;
  /** Of the last event when it begins; absent: nobody can say. */
  readonly position?: string;
  readonly matches: (event: RecordedEvent) => boolean;
  /** Asked before each batch, and every second; the stream ends when it is false. */
  readonly isStillAllowed: () => boolean;
}

/** The server-sent event streams (WHATWG HTML, 9.2) of this process. A client that does not read holds back its own stream only. */
export class EventStreams {
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly events: Parameters<typeof liveEvents>[0],
    private readonly log: ApiLog,
    private readonly silenceMsMax: number = clientSilenceMsMax,
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
    // Its client may have left while the ledger was looked up.
    if (raw.destroyed) ending.abort();
    const beat = this.heartbeat(reply, request, ending);
    try {
      reply.hijack();
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        ...securityHeaders,
        ...(request.position === undefined ? {} : { 'ledger-position': request.position }),
        'request-id': reply.request.id,
        'x-accel-buffering': 'no',
      });
      raw.write('retry: 1000\n\n');
      for await (const batch of liveEvents(
        this.events,
        request.stream,
        request.fromRevision,
        ending.signal,
        () => slicesOfProcess.next(request.owner),
      )) {
        if (!request.isStillAllowed()) break;
        const texts = textsOf(batch.filter(request.matches));
        const isPage = batch.length > unslicedEventsMax;
        for await (const text of isPage ? slicesOfProcess.of(request.owner, texts) : texts)
          if (!raw.write(text)) await this.drained(raw, ending);
      }
    } catch (error) {
      // The client comes back with Last-Event-ID; nothing is lost.
      if (!ending.signal.aborted)
        this.log.warn({ err: error, request_id: reply.request.id }, 'event stream ended');
    } finally {
      clearInterval(beat);
      this.open.delete(ending);
      const { reason } = ending.signal;
      if (reason instanceof ApiProblem) this.cut(reply, reason);
      else raw.end();
    }
  }

  /** Resolves when the client has taken what was written. */
  private async drained(raw: FastifyReply['raw'], ending: AbortController): Promise<void> {
    const timer = setTimeout(() => {
      const detail = `The client has read nothing for ${this.silenceMsMax / 1_000} seconds. Resume with Last-Event-ID.`;
      ending.abort(new ApiProblem('stream_too_slow', detail));
    }, this.silenceMsMax);
    try {
      await once(raw, 'drain', { signal: ending.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  /** The reason is the last message, for a client that reads again in time. */
  private cut({ raw, request }: FastifyReply, reason: ApiProblem): void {
    const { id } = request;
    (request as ApiRequest).problemCode = reason.code;
    instruments.eventStreamsCut.add(1);
    this.log.warn({ request_id: id, code: reason.code }, 'event stream cut');
    raw.end(`event: problem\ndata: ${JSON.stringify(reason.body(id))}\n\n`);
    setTimeout(() => raw.destroy(), cutGraceMs).unref();
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
    let seconds = 0;
    return setInterval(() => {
      if (!isStillAllowed()) return ending.abort();
      seconds += 1;
      if (seconds % eventStreamHeartbeatSeconds === 0 && !raw.writableNeedDrain)
        raw.write(': still here\n\n');
    }, 1_000);
  }
}

/** Messages joined to pieces, so that what waits to be read is bounded. */
function* textsOf(events: readonly RecordedEvent[]): Generator<string> {
  let text = '';
  for (const event of events) {
    text += message(event);
    if (text.length < writtenAtOnceCharacters) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function message(event: RecordedEvent): string {
  return `id: ${event.revision}\nevent: ${event.type}\ndata: ${eventJson(event)}\n\n`;
}
