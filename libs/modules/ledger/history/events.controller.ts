import { Controller, Inject, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { eventStorePort, InvalidCursor } from '@fintech-ledger/projection-runtime';
import { eventPage } from '../views/event';
import { ReadEvents, type EventPage } from './read-events.handler';
import { ReadModels } from '../ledgers/read-models';
import { touchesAccount } from './touches-account';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import {
  Authenticator,
  pathParameter,
  principalOf,
  queryOfRequest,
  Endpoint,
  pageOf,
  readerOf,
  ApiProblem,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { eventCursor, parseEventCursor } from './event-cursor';
import { eventStreamExample } from './event-stream-example';
import { eventJson } from './event-json';
import { EventStreams } from './event-streams';
import { EventsQuery, EventStreamQuery } from './events.dto';
import { headOf, reachJournal } from './reach-journal';
import { ledgerParameter } from '../ledgers/ledger-parameter';

const read = { method: 'GET', tag: 'History', scope: 'ledger:read', kind: 'read' } as const;

@Controller()
export class EventsController implements OnModuleDestroy {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(eventStorePort) private readonly store: Pick<EventStore, 'readStream'>,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  onModuleDestroy(): void {
    this.streams.endAll();
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/events',
    parameters: [ledgerParameter],
    operation: 'listEvents',
    summary: 'The raw events, in order, as they were written',
    description:
      'Read from the event store itself. With a filter a page may be short, even empty, and not be the last.',
    query: EventsQuery,
    showsEvents: true,
    answer: { status: 200, schema: eventPage, description: 'A page of events, oldest first.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { type, account, from_revision, ...page } = queryOfRequest<EventsQuery>(request);
    const { limit, cursor } = pageOf(page);
    const query = new ReadEvents(readerOf(request), {
      fromRevision: cursor === undefined ? Number(from_revision ?? 0) : parseEventCursor(cursor),
      limit,
      ...(type === undefined ? {} : { type }),
      ...(account === undefined ? {} : { account }),
    });
    const { events, nextRevision, revision } = await this.queries.execute<ReadEvents, EventPage>(query);
    // A page is followed by one that has events.
    if (cursor !== undefined && query.request.fromRevision > revision)
      throw new InvalidCursor('a place after the last event');
    const next = nextRevision === null ? 'null' : JSON.stringify(eventCursor(nextRevision));
    const data = events.map(eventJson).join(',');
    void reply
      .header('Ledger-Position', `${pathParameter(request, 'ledger')}@${revision}`)
      .header('content-type', 'application/json; charset=utf-8')
      .send(`{"data":[${data}],"has_more":${nextRevision !== null},"next_cursor":${next}}`);
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/events/stream',
    parameters: [ledgerParameter],
    operation: 'streamEvents',
    summary: 'The same as server-sent events, live',
    description:
      'The id of each message is the revision; `Last-Event-ID` resumes after it. Without one the stream starts at `from_revision`, by default at the first event.',
    query: EventStreamQuery,
    use: 'streams',
    answer: {
      status: 200,
      schema: null,
      texts: { 'text/event-stream': eventStreamExample },
      description: 'An endless stream of events.',
    },
    problems: ['too_many_streams', 'stream_too_slow'],
  })
  async stream(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { type, account, from_revision } = queryOfRequest<EventStreamQuery>(request);
    const reader = readerOf(request);
    const lastEventId = lastEventIdOf(request);
    const { ledgerId } = reader;
    const stream = journalStream(ledgerId);
    await this.models.check(reader);
    await reachJournal(this.store, reader);
    const head = await headOf(this.store, stream, lastEventId === undefined);
    if (lastEventId !== undefined) checkGivenOut(lastEventId, head);
    const position = head === undefined ? {} : { position: `${ledgerId}@${head}` };
    if (request.method === 'HEAD') {
      if (head !== undefined) void reply.header('Ledger-Position', `${ledgerId}@${head}`);
      void reply.header('content-type', 'text/event-stream; charset=utf-8').send();
      return;
    }
    const principal = principalOf(request);
    await this.streams.serve(reply, {
      owner: principal.organizationId,
      stream,
      ...position,
      fromRevision: lastEventId === undefined ? Number(from_revision ?? 0) : lastEventId + 1,
      matches: (event: RecordedEvent) =>
        (type === undefined || event.type === type) &&
        (account === undefined || touchesAccount(event.data, account)),
      isStillAllowed: () => this.authenticator.mayGoOn(principal),
    });
  }
}

/** Who resumes after an event that there never was would wait for ever, or be led past others. @throws ApiProblem */
function checkGivenOut(revision: number, head = -1): void {
  if (revision <= head) return;
  const detail = `Last-Event-ID: no event ${revision} was given out.`;
  throw new ApiProblem('invalid_position', detail, { param: '/Last-Event-ID' });
}

function lastEventIdOf(request: ApiRequest): number | undefined {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^(?:0|[1-9][0-9]{0,14})$/.test(id)) return Number(id);
  throw new ApiProblem('invalid_position', 'Last-Event-ID is the revision of an event.', {
    param: '/Last-Event-ID',
  });
}
