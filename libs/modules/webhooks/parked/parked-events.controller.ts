import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  Endpoint,
  organizationReaderOf,
  pageOf,
  PageQuery,
  pathParameter,
  queryOfRequest,
  sendAnswer,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { endpointParameter } from '../endpoints/endpoint-parameter';
import { WebhookReads } from '../endpoints/webhook-reads';
import { webhookOutboxPort } from '../ports';
import type { WebhookOutbox } from '../ports';
import { parkedEventPage } from './parked-event-shape';

@Controller()
export class ParkedEventsController {
  constructor(
    @Inject(webhookOutboxPort) private readonly outbox: WebhookOutbox,
    @Inject(WebhookReads) private readonly reads: WebhookReads,
  ) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/webhook_endpoints/:endpoint/parked_events',
    parameters: [endpointParameter],
    operation: 'listParkedWebhookEvents',
    tag: 'Webhooks',
    summary: 'List the events of which no message could be made, newest first',
    description:
      'Each with the reason; the events after it went on, and the numbers of messages have no gap for it. Once the ' +
      'reason is gone, a replay sends it, and it is not listed any more.',
    scope: 'webhooks:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: parkedEventPage, description: 'A page of parked events.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const reader = organizationReaderOf(request);
    const { result, revision } = await this.reads.endpoint(reader, pathParameter(request, 'endpoint'));
    const parked = await this.outbox.parked(result.id, page);
    sendAnswer(reply, { result: parked, revision }, reader.organizationId);
  }
}
