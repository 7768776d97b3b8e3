import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { parseTime, refuse } from '@fintech-ledger/contract';
import { randomId } from '@fintech-ledger/envelope';
import { PublicEventRegistry, PublicEventSight } from '@fintech-ledger/events';
import {
  bodyOf,
  Endpoint,
  noteMade,
  organizationReaderOf,
  pathParameter,
  principalOf,
  sendAnswer,
  sendJson,
} from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import { Refused, refusedQuery } from '@fintech-ledger/projection-runtime';
import {
  emptyReplayRange,
  eventFilterMatchesNothing,
  replayEnded,
  replayNotFound,
  replayRunning,
  unknownEventType,
} from '@fintech-ledger/webhooks/domain';
import type { WebhookEndpointView } from '@fintech-ledger/webhooks/domain';
import { endpointParameter } from '../endpoints/endpoint-parameter';
import { eventTypesRefusal } from '../endpoints/check-settings';
import { WebhookReads } from '../endpoints/webhook-reads';
import { webhookOutboxPort } from '../ports';
import type { Replayed, WebhookOutbox } from '../ports';
import { replayShape } from './replay-shape';
import type { ReplayView } from './replay-shape';
import { ReplayWebhooksDto } from './replays.dto';

const replayParameter: PathParameter = {
  name: 'replay',
  description: 'The id of the replay.',
  pattern: /^rpl_[A-Za-z0-9_-]{1,64}$/,
  refusal: replayNotFound,
  detail: 'There is no such replay.',
};
const replay = { schema: replayShape, livemodeOf: 'itself' } as const;
const plain = { tag: 'Webhooks', kind: 'plain' } as const;
const one = { path: '/v1/replays/:replay', parameters: [replayParameter] } as const;

@Controller()
export class ReplaysController {
  constructor(
    @Inject(webhookOutboxPort) private readonly outbox: WebhookOutbox,
    @Inject(WebhookReads) private readonly reads: WebhookReads,
    @Inject(PublicEventSight) private readonly sight: PublicEventSight,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
  ) {}

  @Endpoint({
    ...plain,
    method: 'POST',
    path: '/v1/webhook_endpoints/:endpoint/replays',
    parameters: [endpointParameter],
    operation: 'replayWebhooks',
    summary: 'Send earlier events to an endpoint',
    description:
      'Those of before it was created, too. An event that it was told of comes in the same bytes under the same ' +
      '`webhook-id`; any other gets a message with the next `sequence`. What happens meanwhile is not delayed. ' +
      '`from` is inclusive, `to` exclusive, `from_position` inclusive and of its ledger alone. With `dry_run` it is ' +
      'counted how many there are.',
    scope: 'webhooks:write',
    body: ReplayWebhooksDto,
    isBodyOptional: true,
    isExpensive: true,
    answer: { status: 201, ...replay, description: 'The replay, which goes on.' },
    example: { from: '2026-01-01T00:00:00Z', event_types: ['transaction.*'] },
    refusals: [unknownEventType, eventFilterMatchesNothing, emptyReplayRange, replayRunning],
  })
  async start(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationId } = principalOf(request);
    const { result } = await this.reads.endpoint({ organizationId }, pathParameter(request, 'endpoint'));
    const body = bodyOf<ReplayWebhooksDto>(request);
    const asked = this.askedOf(body, result, organizationId);
    await this.sight.reach({ organizationId });
    const outcome = await this.outbox.replays.start(asked);
    if (outcome.kind === 'empty')
      throw empty('There is no event in this range that the endpoint gets.', narrowest(body));
    if (outcome.kind === 'running')
      throw refusedQuery(replayRunning, `Replay ${outcome.id} of this endpoint is running.`);
    noteMade(request, 'replay', asked.id);
    void reply.code(201);
    sendJson(reply, outcome.replay);
  }

  @Endpoint({
    ...plain,
    ...one,
    method: 'GET',
    operation: 'getWebhookReplay',
    kind: 'read',
    summary: 'Get a replay',
    scope: 'webhooks:read',
    answer: { status: 200, ...replay, description: 'The replay.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = organizationReaderOf(request);
    const { organizationId } = reader;
    const id = pathParameter(request, 'replay');
    const revision = await this.reads.revision(reader);
    const result = orNotFound(await this.outbox.replays.get(organizationId, id), id);
    sendAnswer(reply, { result, revision }, organizationId);
  }

  @Endpoint({
    ...plain,
    method: 'POST',
    path: `${one.path}/cancel`,
    parameters: one.parameters,
    operation: 'cancelWebhookReplay',
    summary: 'Cancel a replay',
    description: 'What is under way is still sent; what has not been sent is not.',
    scope: 'webhooks:write',
    answer: { status: 200, ...replay, description: 'The replay.' },
    refusals: [replayEnded],
  })
  async cancel(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationId } = principalOf(request);
    const id = pathParameter(request, 'replay');
    const { isCanceled, replay } = await this.outbox.replays.cancel(organizationId, id, Date.now());
    const view = orNotFound(replay, id);
    if (!isCanceled) throw refusedQuery(replayEnded, `Replay ${id} is ${view.state ?? ''}.`);
    sendJson(reply, view);
  }

  /** @throws Refused `unknown_event_type`, `event_filter_matches_nothing`, `empty_replay_range` */
  private askedOf(
    { from, to, from_position: position, event_types: wanted, dry_run: dryRun = false }: ReplayWebhooksDto,
    { id: endpointId, event_types: own }: WebhookEndpointView,
    organizationId: string,
  ): Replayed {
    const refusal = eventTypesRefusal(this.registry, wanted ?? []);
    if (refusal !== undefined) throw new Refused(refusal, [unknownEventType, eventFilterMatchesNothing]);
    const got = new Set(this.registry.named(own));
    const types = this.registry.named(wanted ?? own).filter((type) => got.has(type));
    if (types.length === 0) throw empty('The endpoint gets no events of these types.', '/event_types');
    const nowMs = Date.now();
    const [first, before] = [parseTime(from), parseTime(to)];
    const fromMs = first === undefined ? 0 : Date.parse(first);
    const toMs = Math.min(before === undefined ? nowMs : Date.parse(before), nowMs);
    if (fromMs >= toMs) throw empty('The range begins where it ends, or later.', '/from');
    const [ledgerId = '', revision = ''] = position?.split('@') ?? [];
    return {
      id: randomId('rpl', nowMs),
      ...{ endpointId, organizationId, types, fromMs, toMs, nowMs, dryRun },
      ...(position === undefined ? {} : { from: { ledgerId, revision: Number(revision) } }),
      shown: { from: first ?? null, from_position: position ?? null, event_types: wanted ?? own },
    };
  }
}

/** What of a request says which events, the narrowest first. */
function narrowest(body: ReplayWebhooksDto): string | undefined {
  const names = ['from_position', 'from', 'to', 'event_types'] as const;
  const name = names.find((one) => body[one] !== undefined);
  return name === undefined ? undefined : `/${name}`;
}

function empty(detail: string, param?: string): Refused {
  return new Refused(refuse(emptyReplayRange, detail, param), [emptyReplayRange]);
}

function orNotFound(replay: ReplayView | null, id: string): ReplayView {
  if (replay === null) throw refusedQuery(replayNotFound, `There is no replay ${id}.`);
  return replay;
}
