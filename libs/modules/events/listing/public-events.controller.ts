import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  ApiProblem,
  Endpoint,
  pageOf,
  pathParameter,
  queryOfRequest,
  readerOf,
  readerOfAll,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiParts, ApiRequest } from '@fintech-ledger/http';
import { journalStream } from '@fintech-ledger/envelope';
import { LedgerDirectory, ledgerParameter, ReadModels } from '@fintech-ledger/ledger';
import type { At } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import { publicEventShapes } from '../catalogue/public-event-shape';
import type { PublicEventView } from '../catalogue/public-event-shape';
import { eventParameter } from './event-parameter';
import { GetPublicEvent } from './get-public-event.handler';
import { ListPublicEvents } from './list-public-events.handler';
import type { PublicEventReader } from './public-event-reader';
import { PublicEventsQuery } from './public-events.dto';

const read = { method: 'GET', tag: 'Events', scope: 'events:read', kind: 'read' } as const;

/** What the operations do. */
class PublicEventRequests {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(ReadModels) private readonly models: Pick<ReadModels, 'check'>,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
  ) {}

  protected async sendPage(request: ApiRequest, reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<PublicEventsQuery>(request);
    const { type, object, ledger } = query;
    const types = this.typesOf(type);
    const reader = await this.readerOf(request, ledger);
    const filter = {
      types,
      ...(ledger === undefined ? {} : { stream: journalStream(ledger) }),
      ...(object === undefined ? {} : { name: object }),
      ...windowMs(query),
    };
    const answer = await this.queries.execute<ListPublicEvents, At<PageOf<PublicEventView>>>(
      new ListPublicEvents(reader, filter, pageOf(query)),
    );
    sendAnswer(reply, answer, ledger ?? reader.organizationId);
  }

  protected async sendOne(request: ApiRequest, reply: FastifyReply): Promise<void> {
    const reader = await this.readerOf(request, undefined);
    const query = new GetPublicEvent(reader, pathParameter(request, 'event'));
    const answer = await this.queries.execute<GetPublicEvent, At<PublicEventView>>(query);
    sendAnswer(reply, answer, reader.organizationId);
  }

  /** @throws ApiProblem `invalid_parameter` no event has such a type */
  private typesOf(type: string | undefined): readonly string[] {
    const types = this.registry.named(type === undefined ? ['*'] : type.split(','));
    if (types.length > 0) return types;
    throw new ApiProblem('invalid_parameter', `No event has the type '${type ?? ''}'.`, { param: '/type' });
  }

  /** @throws Refused `ledger_not_found` @throws ApiProblem `invalid_position` */
  private async readerOf(request: ApiRequest, ledgerId: string | undefined): Promise<PublicEventReader> {
    if (ledgerId === undefined) return readerOfAll(request, this.directory);
    const reader = readerOf(request, ledgerId);
    await this.models.check(reader);
    const { organizationId, isEventual = false, minRevision: revision } = reader;
    const asked = { organizationId, isEventual, ledgerId };
    return revision === undefined ? asked : { ...asked, minPosition: { owner: ledgerId, revision } };
  }
}

/** The operations on public events. What they answer is known when all modules are. */
export function publicEventsController(types: PublicEventRegistry['types']): ApiParts['controllers'][number] {
  const { event, page } = publicEventShapes(types);

  @Controller()
  class PublicEventsController extends PublicEventRequests {
    @Endpoint({
      ...read,
      path: '/v1/events',
      operation: 'listPublicEvents',
      summary: 'What happened in the organization, newest first',
      description:
        'All of it, for ever, by when it was recorded. `type` may be the beginning of types and `*`, such as ' +
        '`hold.*`; several have commas between. `from` is inclusive, `to` exclusive, and both go by ' +
        '`created_at`. A page with large events may be short, and with `object` even empty, and not be the last. ' +
        '`Ledger-Min-Position` is of the organization, or of any of its ledgers; with `ledger`, of that one.',
      query: PublicEventsQuery,
      answer: {
        status: 200,
        schema: page,
        livemodeOf: 'data',
        description: 'A page of events, newest first.',
      },
      refusals: [ledgerParameter.refusal],
    })
    list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
      return this.sendPage(request, reply);
    }

    @Endpoint({
      ...read,
      path: '/v1/events/:event',
      parameters: [eventParameter],
      operation: 'getPublicEvent',
      summary: 'Get an event',
      answer: { status: 200, schema: event, livemodeOf: 'itself', description: 'The event.' },
    })
    get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
      return this.sendOne(request, reply);
    }
  }
  return PublicEventsController;
}
