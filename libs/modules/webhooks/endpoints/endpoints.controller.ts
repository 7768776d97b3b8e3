import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  bodyOf,
  commandContext,
  Endpoint,
  isLive,
  organizationReaderOf,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { forbiddenUrl, invalidRequestHeader, invalidUrl } from '@fintech-ledger/outbound';
import {
  eventFilterMatchesNothing,
  unknownEventType,
  webhookCommandRefusals,
  webhookEndpointAnswer,
  webhookEndpointDeletedAnswer,
  webhookEndpointPage,
  webhookEndpointShape,
  webhookEndpointWithSecret,
  secretOverlapSeconds,
  secretsInForceMax,
} from '@fintech-ledger/webhooks/domain';
import type { WebhookCommand } from '@fintech-ledger/webhooks/domain';
import { endpointParameter } from './endpoint-parameter';
import {
  ChangeWebhookEndpointDto,
  CreateWebhookEndpointDto,
  EnableWebhookEndpointDto,
  RotateWebhookSecretDto,
} from './endpoint.dto';
import { WebhookReads } from './webhook-reads';
import { WriteWebhookEndpoint } from './write-endpoint.handler';
import type { Headers } from './sealed-headers';

const tag = 'Webhooks';
const read = { method: 'GET', tag, scope: 'webhooks:read', kind: 'read' } as const;
const command = { tag, scope: 'webhooks:write', kind: 'command' } as const;
const one = { path: '/v1/webhook_endpoints/:endpoint', parameters: [endpointParameter] };
const settingsRefusals = [
  unknownEventType,
  eventFilterMatchesNothing,
  invalidRequestHeader,
  invalidUrl,
  forbiddenUrl,
];
const ofEndpoint = { status: 200, livemodeOf: 'itself' } as const;
const withSecret = { ...ofEndpoint, schema: webhookEndpointWithSecret };
const changed = { ...ofEndpoint, schema: webhookEndpointAnswer, description: 'The endpoint.' };
/** What the path refuses need not be said again. */
const ofPath = 1;

@Controller()
export class WebhookEndpointsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(WebhookReads) private readonly reads: WebhookReads,
  ) {}

  @Endpoint({
    ...command,
    method: 'POST',
    path: '/v1/webhook_endpoints',
    operation: 'createWebhookEndpoint',
    summary: 'Create a webhook endpoint',
    description:
      'It gets the events that are recorded from now on and that its filter means. The answer has its secret, once: ' +
      'a replay of the same Idempotency-Key has `secret: null` and `secret_shown: true`. ' +
      'A host that does not resolve yet is accepted, and judged when something is sent.',
    body: CreateWebhookEndpointDto,
    answer: { ...withSecret, status: 201, description: 'The endpoint, with its secret.' },
    example: { url: 'https://shop.example/webhooks', event_types: ['transaction.*', 'hold.expired'] },
    refusals: [...settingsRefusals, ...webhookCommandRefusals.CreateWebhookEndpoint],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<CreateWebhookEndpointDto>(request);
    const { url, event_types: eventTypes, ordering = 'none', headers, description = null } = body;
    const settings = { url, eventTypes, ordering, description, headerNames: [], headersRef: null };
    return this.write(request, reply, { type: 'CreateWebhookEndpoint', ...settings }, headers);
  }

  @Endpoint({
    ...read,
    path: '/v1/webhook_endpoints',
    operation: 'listWebhookEndpoints',
    summary: 'List the webhook endpoints, newest first',
    query: PageQuery,
    answer: {
      status: 200,
      schema: webhookEndpointPage,
      description: 'A page of endpoints.',
      livemodeOf: 'data',
    },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.endpoints(organizationReaderOf(request), page);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getWebhookEndpoint',
    summary: 'Get a webhook endpoint',
    answer: { ...ofEndpoint, schema: webhookEndpointShape, description: 'The endpoint.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { endpointId } = idOf(request);
    const answer = await this.reads.endpoint(organizationReaderOf(request), endpointId);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    ...command,
    ...one,
    method: 'PATCH',
    operation: 'changeWebhookEndpoint',
    summary: 'Change a webhook endpoint',
    description:
      'What is left out stays as it is. Messages that were made already are sent as the endpoint is now.',
    body: ChangeWebhookEndpointDto,
    answer: changed,
    example: { event_types: ['*'], ordering: 'strict' },
    refusals: [...settingsRefusals, ...webhookCommandRefusals.ChangeWebhookEndpoint.slice(ofPath)],
  })
  change(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const {
      url,
      event_types: eventTypes,
      ordering,
      headers,
      description,
    } = bodyOf<ChangeWebhookEndpointDto>(request);
    const settings = {
      ...(url !== undefined && { url }),
      ...(eventTypes !== undefined && { eventTypes }),
      ...(ordering !== undefined && { ordering }),
      ...(description !== undefined && { description }),
    };
    return this.write(
      request,
      reply,
      { type: 'ChangeWebhookEndpoint', ...idOf(request), ...settings },
      headers,
    );
  }

  @Endpoint({
    ...command,
    ...one,
    method: 'DELETE',
    operation: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint',
    description: 'Nothing more is sent to it, and it is not shown any more.',
    answer: { ...ofEndpoint, schema: webhookEndpointDeletedAnswer, description: 'It is deleted.' },
    refusals: webhookCommandRefusals.DeleteWebhookEndpoint.slice(ofPath),
  })
  delete(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.write(request, reply, { type: 'DeleteWebhookEndpoint', ...idOf(request) });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/rotate_secret`,
    parameters: one.parameters,
    operation: 'rotateWebhookSecret',
    summary: 'Give a webhook endpoint a new secret',
    description:
      'For `overlap_seconds` messages are signed with both secrets, the new one first. Of rotations before, each ' +
      'secret signs until its own overlap is over, at most ' +
      `${secretsInForceMax} at once; with \`overlap_seconds: 0\` the new one alone does. The answer shows it once: a ` +
      'replay of the same Idempotency-Key has `secret: null` and `secret_shown: true`.',
    body: RotateWebhookSecretDto,
    isBodyOptional: true,
    answer: { ...withSecret, description: 'The endpoint, with its new secret.' },
    example: { overlap_seconds: 3_600 },
    refusals: webhookCommandRefusals.RotateWebhookSecret.slice(ofPath),
  })
  rotate(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { overlap_seconds: overlapSeconds = secretOverlapSeconds } =
      bodyOf<RotateWebhookSecretDto>(request);
    return this.write(request, reply, { type: 'RotateWebhookSecret', ...idOf(request), overlapSeconds });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/enable`,
    parameters: one.parameters,
    operation: 'enableWebhookEndpoint',
    summary: 'Enable a webhook endpoint',
    description: 'What was not sent meanwhile is sent now, unless `skip_backlog` says that it is skipped.',
    body: EnableWebhookEndpointDto,
    isBodyOptional: true,
    answer: changed,
    example: { skip_backlog: true },
    refusals: webhookCommandRefusals.EnableWebhookEndpoint.slice(ofPath),
  })
  enable(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { skip_backlog: skipBacklog = false } = bodyOf<EnableWebhookEndpointDto>(request);
    return this.write(request, reply, { type: 'EnableWebhookEndpoint', ...idOf(request), skipBacklog });
  }

  @Endpoint({
    ...command,
    method: 'POST',
    path: `${one.path}/disable`,
    parameters: one.parameters,
    operation: 'disableWebhookEndpoint',
    summary: 'Disable a webhook endpoint',
    description: 'Messages go on being made, and are sent when it is enabled.',
    answer: changed,
    refusals: webhookCommandRefusals.DisableWebhookEndpoint.slice(ofPath),
  })
  disable(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.write(request, reply, {
      type: 'DisableWebhookEndpoint',
      ...idOf(request),
      because: 'requested',
    });
  }

  private async write(
    request: ApiRequest,
    reply: FastifyReply,
    asked: WebhookCommand,
    headers?: Headers,
  ): Promise<void> {
    const context = commandContext(request);
    const outcome = await this.commands.execute<WriteWebhookEndpoint, CommandOutcome>(
      new WriteWebhookEndpoint(asked, headers, context, isLive(principalOf(request))),
    );
    sendOutcome(reply, outcome, context.organizationId);
  }
}

const idOf = (request: ApiRequest): { readonly endpointId: string } => ({
  endpointId: pathParameter(request, 'endpoint'),
});
