import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  apiLogPort,
  bodyOf,
  Endpoint,
  pageOf as pageAsked,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendJson,
} from '@fintech-ledger/http';
import type { ApiLog, ApiRequest, EndpointOptions, PathParameter } from '@fintech-ledger/http';
import {
  parkedEventNotDiscardable,
  parkedEventNotFound,
  parkedEventSettled,
  parkedEventShape,
  parkedPage,
} from '@fintech-ledger/projection-runtime';
import type { ParkedEvents, ParkedView } from '@fintech-ledger/projection-runtime';
import { parkedEventsPort } from '../ports';
import { DiscardParkedDto, ParkedQuery } from './parked.dto';

const parkedParameter: PathParameter = {
  name: 'id',
  of: 'parked_event',
  description: 'The id of the parked event.',
  pattern: /^prk_[a-f0-9]{32}$/,
  example: 'prk_5f0c8e2a9b1d4c7e8a6a3f2b10d5e4c7',
  refusal: parkedEventNotFound,
  detail: 'There is no such parked event.',
};
const path = '/v1/parked';
const ofOne = {
  tag: 'Operations',
  kind: 'plain',
  parameters: [parkedParameter],
  answer: { status: 200, schema: parkedEventShape, description: 'The event, as it is now.' },
} as const;
const changing = { ...ofOne, method: 'POST', scope: 'ops:write' } as const satisfies Partial<EndpointOptions>;

/** What operators do about events that a reader could not take. */
@Controller()
export class ParkedController {
  constructor(
    @Inject(parkedEventsPort) private readonly parked: ParkedEvents,
    @Inject(apiLogPort) private readonly log: ApiLog,
  ) {}

  @Endpoint({
    method: 'GET',
    path,
    operation: 'listParkedEvents',
    tag: 'Operations',
    summary: 'List the events that a reader could not take, newest first',
    description:
      'A read model or the relay halts the stream of such an event, and goes on with all others (`halted`); the ' +
      'outbox of webhooks sets the event alone aside (`parked`). Each says which event it is, why, and what to do.',
    scope: 'ops:read',
    kind: 'plain',
    query: ParkedQuery,
    answer: { status: 200, schema: parkedPage, description: 'A page of events.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<ParkedQuery>(request);
    const { state, reader } = query;
    const filter = { ...(state !== undefined && { state }), ...(reader !== undefined && { reader }) };
    sendJson(reply, await this.parked.list(filter, pageAsked(query)));
  }

  @Endpoint({
    ...ofOne,
    method: 'GET',
    path: `${path}/:id`,
    operation: 'getParkedEvent',
    summary: 'Get an event that a reader could not take',
    scope: 'ops:read',
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    sendJson(reply, await this.parked.get(pathParameter(request, 'id')));
  }

  @Endpoint({
    ...changing,
    path: `${path}/:id/retry`,
    operation: 'retryParkedEvent',
    summary: 'Try an event again',
    description:
      'A message of a parked event is made at once: `sent`, or `parked` still, with the reason of now. A stream ' +
      'that is halted is read again within seconds: look again, and it is not there any more once it goes on.',
    refusals: [parkedEventSettled],
  })
  async retry(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const tried = await this.parked.retry(pathParameter(request, 'id'));
    this.note(request, tried, 'an operator retried a parked event');
    sendJson(reply, tried);
  }

  @Endpoint({
    ...changing,
    path: `${path}/:id/discard`,
    operation: 'discardParkedEvent',
    summary: 'Discard an event, with the reason',
    description:
      'Its receiver is never told of it. That is an event of its own, `ParkedEventDiscarded`, with the reason and ' +
      'the API key. What a read model is halted at can not be discarded: the books would lack it.',
    body: DiscardParkedDto,
    example: { reason: 'the receiver was closed' },
    refusals: [parkedEventSettled, parkedEventNotDiscardable],
  })
  async discard(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { reason } = bodyOf<DiscardParkedDto>(request);
    const { apiKeyId: by } = principalOf(request);
    const discarded = await this.parked.discard(pathParameter(request, 'id'), { reason, by });
    this.note(request, discarded, 'an operator discarded a parked event');
    sendJson(reply, discarded);
  }

  private note(request: ApiRequest, { id, reader, stream, revision }: ParkedView, says: string): void {
    const { apiKeyId } = principalOf(request);
    this.log.warn(
      { api_key: apiKeyId, request_id: request.id, parked_event: id, reader, stream, revision },
      says,
    );
  }
}
