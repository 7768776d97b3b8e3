import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  bodyOf,
  Endpoint,
  isLive,
  organizationReaderOf,
  pageOf,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendJson,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import { PublicEventRegistry } from '@fintech-ledger/events';
import { PersonalValues } from '@fintech-ledger/privacy';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import { deliveryNotFound, unknownEventType, webhookEndpointDisabled } from '@fintech-ledger/webhooks/domain';
import { endpointParameter } from '../endpoints/endpoint-parameter';
import { TestWebhookEndpointDto } from '../endpoints/endpoint.dto';
import { WebhookReads } from '../endpoints/webhook-reads';
import { webhookOutboxPort } from '../ports';
import type { DeliveryFilter, WebhookOutbox } from '../ports';
import { DeliveriesQuery } from './deliveries.dto';
import { deliveryDetailsShape, deliveryPage } from './delivery-shape';
import type { DeliveryDetails } from './delivery-shape';
import { openResponses, withoutResponses } from './kept-response';
import { testMessage } from './test-message';

const tag = 'Webhooks';
const deliveryParameter: PathParameter = {
  name: 'delivery',
  description: 'The id of the delivery, which is the `webhook-id` of its message.',
  pattern: /^msg_[A-Za-z0-9_-]{1,64}$/,
  refusal: deliveryNotFound,
  detail: 'There is no such delivery.',
};
const one = { status: 200, schema: deliveryDetailsShape, livemodeOf: 'itself' } as const;
const asked = { ...one, description: 'The delivery, which is sent next.' };

@Controller()
export class DeliveriesController {
  constructor(
    @Inject(webhookOutboxPort) private readonly outbox: WebhookOutbox,
    @Inject(WebhookReads) private readonly reads: WebhookReads,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
    @Inject(PersonalValues) private readonly values: PersonalValues,
  ) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/webhook_endpoints/:endpoint/deliveries',
    parameters: [endpointParameter],
    operation: 'listWebhookDeliveries',
    tag,
    summary: 'List what was made to be sent to an endpoint, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    scope: 'webhooks:read',
    kind: 'read',
    query: DeliveriesQuery,
    answer: { status: 200, schema: deliveryPage, description: 'A page of deliveries.', livemodeOf: 'data' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<DeliveriesQuery>(request);
    const reader = organizationReaderOf(request);
    const { result, revision } = await this.reads.endpoint(reader, pathParameter(request, 'endpoint'));
    const page = await this.outbox.deliveries(result.id, this.filterOf(query), pageOf(query));
    sendAnswer(reply, { result: page, revision }, reader.organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/deliveries/:delivery',
    parameters: [deliveryParameter],
    operation: 'getWebhookDelivery',
    tag,
    summary: 'Get a delivery, with its attempts',
    scope: 'webhooks:read',
    kind: 'read',
    answer: { ...one, description: 'The delivery.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = organizationReaderOf(request);
    const { organizationId } = reader;
    const id = pathParameter(request, 'delivery');
    const revision = await this.reads.revision(reader);
    const delivery = orNotFound(await this.outbox.delivery(organizationId, id), id);
    const result = await openResponses(this.values, organizationId, delivery);
    sendAnswer(reply, { result, revision }, organizationId);
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/deliveries/:delivery/retry',
    parameters: [deliveryParameter],
    operation: 'retryWebhookDelivery',
    tag,
    summary: 'Send a message once more, at once',
    description:
      'The same bytes under the same `webhook-id`. One that waits for its next attempt gets it now. ' +
      'Any other is sent once; where the endpoint is disabled, when it is enabled. An endpoint that fails, and is ' +
      'left alone for a while, is tried all the same; where its order has another message go first, with that one. ' +
      'Its attempts so far are without responses here.',
    scope: 'webhooks:write',
    kind: 'plain',
    answer: asked,
  })
  async retry(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationId } = principalOf(request);
    const id = pathParameter(request, 'delivery');
    const delivery = orNotFound(await this.outbox.retry(organizationId, id, Date.now()), id);
    sendJson(reply, withoutResponses(delivery));
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/webhook_endpoints/:endpoint/test',
    parameters: [endpointParameter],
    operation: 'testWebhookEndpoint',
    tag,
    summary: 'Send a test message',
    description:
      'The example of a type, whatever the filter of the endpoint, with `sequence: null` and once. Its delivery says ' +
      'what came of it.',
    scope: 'webhooks:write',
    kind: 'plain',
    body: TestWebhookEndpointDto,
    answer: asked,
    example: { type: 'transaction.posted' },
    refusals: [unknownEventType, webhookEndpointDisabled],
  })
  async test(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const principal = principalOf(request);
    const { organizationId } = principal;
    const { type } = bodyOf<TestWebhookEndpointDto>(request);
    const endpointId = pathParameter(request, 'endpoint');
    const { result } = await this.reads.endpoint({ organizationId }, endpointId);
    const to = { endpointId, organizationId, isLive: isLive(principal) };
    const message = testMessage(this.registry, to, type, Date.now());
    if (result.status === 'disabled')
      throw refusedQuery(webhookEndpointDisabled, `Webhook endpoint ${endpointId} is disabled.`);
    const delivery = await this.outbox.addTest(message);
    sendJson(reply, delivery);
  }

  private filterOf(query: DeliveriesQuery): DeliveryFilter {
    return {
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.type === undefined ? {} : { types: this.registry.named([query.type]) }),
      ...windowMs(query),
    };
  }
}

function orNotFound(delivery: DeliveryDetails | null, id: string): DeliveryDetails {
  if (delivery === null) throw refusedQuery(deliveryNotFound, `There is no delivery ${id}.`);
  return delivery;
}
