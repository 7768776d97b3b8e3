import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  apiLogPort,
  bodyOf,
  Endpoint,
  noteMade,
  pageOf as pageAsked,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendJson,
} from '@fintech-ledger/http';
import type { ApiLog, ApiRequest, EndpointOptions, PathParameter } from '@fintech-ledger/http';
import { ledgerParameter } from '@fintech-ledger/ledger';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  projectionHasNoLedgers,
  projectionNotFound,
  projectionNotRebuildable,
  rebuildNotFound,
  rebuildNotReady,
  rebuildNotReversible,
  rebuildNotRunning,
  rebuildPage,
  rebuildRunning,
  rebuildShape,
  rebuildView,
} from '@fintech-ledger/projection-runtime';
import type { Rebuild, Rebuilds } from '@fintech-ledger/projection-runtime';
import { rebuildsPort } from '../ports';
import { StartRebuildDto } from './rebuild.dto';

const projectionParameter: PathParameter = {
  name: 'projection',
  description: 'The name of the read model.',
  pattern: /^[a-z_]{1,64}$/,
  example: 'accounts',
  refusal: projectionNotFound,
  detail: 'There is no such projection.',
};
const rebuildParameter: PathParameter = {
  name: 'rebuild',
  description: 'The id of the rebuild.',
  pattern: /^rbd_[a-f0-9]{24}$/,
  example: 'rbd_5f0c8e2a9b1d4c7e6a3f2b10',
  refusal: rebuildNotFound,
  detail: 'There is no such rebuild.',
};
const path = '/v1/projections/:projection/rebuilds';
const ofOne = {
  tag: 'Operations',
  kind: 'plain',
  parameters: [projectionParameter, rebuildParameter],
  answer: { status: 200, schema: rebuildShape, description: 'The rebuild.' },
} as const;
const changing = { ...ofOne, method: 'POST', scope: 'ops:write' } as const satisfies Partial<EndpointOptions>;

/** What operators ask of rebuilds of read models, which the projectors do. */
@Controller()
export class RebuildsController {
  constructor(
    @Inject(rebuildsPort) private readonly rebuilds: Rebuilds,
    @Inject(apiLogPort) private readonly log: ApiLog,
  ) {}

  @Endpoint({
    method: 'POST',
    path,
    operation: 'startRebuild',
    tag: 'Operations',
    summary: 'Make a read model again of the events',
    description:
      'Beside the tables that queries read: `filling`, `catching_up`, `verifying`, `ready`. Then it is swapped, by ' +
      '`auto_swap` or by an operator. While events are appended it goes slower, so that they keep their latency. It ' +
      'goes on after a restart. Nothing is sent because of it.',
    scope: 'ops:write',
    kind: 'plain',
    parameters: [projectionParameter],
    body: StartRebuildDto,
    isBodyOptional: true,
    answer: { status: 201, schema: rebuildShape, description: 'It begins.' },
    example: { auto_swap: true },
    refusals: [projectionNotRebuildable, projectionHasNoLedgers, ledgerParameter.refusal, rebuildRunning],
  })
  async start(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { ledger = null, auto_swap: autoSwap = false } = bodyOf<StartRebuildDto>(request);
    const { apiKeyId } = principalOf(request);
    const name = pathParameter(request, 'projection');
    const rebuild = await this.rebuilds.start(name, { ledger, autoSwap }, apiKeyId);
    this.note(request, rebuild, 'an operator started a rebuild');
    noteMade(request, 'rebuild', rebuild.id);
    void reply.code(201);
    sendJson(reply, rebuildView(rebuild));
  }

  @Endpoint({
    method: 'GET',
    path,
    operation: 'listRebuilds',
    tag: 'Operations',
    summary: 'List the rebuilds of a read model, newest first',
    scope: 'ops:read',
    kind: 'plain',
    parameters: [projectionParameter],
    query: PageQuery,
    answer: { status: 200, schema: rebuildPage, description: 'A page of rebuilds.' },
    refusals: [projectionNotRebuildable],
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { limit, cursor } = pageAsked(queryOfRequest<PageQuery>(request));
    const after = cursor === undefined ? undefined : String(decodeCursor('rebuilds', ['string'], cursor)[0]);
    const rows = await this.rebuilds.list(pathParameter(request, 'projection'), {
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
    });
    sendJson(
      reply,
      pageOf(rows, limit, rebuildView, ({ id }) => encodeCursor('rebuilds', [id])),
    );
  }

  @Endpoint({
    ...ofOne,
    method: 'GET',
    path: `${path}/:rebuild`,
    operation: 'getRebuild',
    summary: 'Get a rebuild: how far it is, and what was verified',
    scope: 'ops:read',
    refusals: [projectionNotRebuildable],
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { projection, id } = named(request);
    sendJson(reply, rebuildView(await this.rebuilds.get(projection, id)));
  }

  @Endpoint({
    ...changing,
    path: `${path}/:rebuild/swap`,
    operation: 'swapRebuild',
    summary: 'Have queries read what was made',
    description:
      'One row is changed: no query fails, or sees a part. The old tables are kept up to date for 24 hours, or until ' +
      'they are dropped, or another rebuild of the read model begins.',
    refusals: [projectionNotRebuildable, rebuildNotReady],
  })
  swap(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change(request, reply, 'swap', 'an operator swapped a rebuild');
  }

  @Endpoint({
    ...changing,
    path: `${path}/:rebuild/cancel`,
    operation: 'cancelRebuild',
    summary: 'Cancel a rebuild that was not swapped',
    refusals: [projectionNotRebuildable, rebuildNotRunning],
  })
  cancel(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change(request, reply, 'cancel', 'an operator cancelled a rebuild');
  }

  @Endpoint({
    ...changing,
    path: `${path}/:rebuild/rollback`,
    operation: 'rollBackRebuild',
    summary: 'Have queries read the old tables again',
    description: 'They are as far as the new ones. What was made is dropped.',
    refusals: [projectionNotRebuildable, rebuildNotReversible],
  })
  rollback(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change(request, reply, 'rollback', 'an operator rolled a rebuild back');
  }

  @Endpoint({
    ...changing,
    path: `${path}/:rebuild/drop`,
    operation: 'dropRebuild',
    summary: 'Drop the old tables that are kept for a rollback',
    refusals: [projectionNotRebuildable, rebuildNotReversible],
  })
  drop(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change(request, reply, 'drop', 'an operator dropped the old tables of a rebuild');
  }

  private async change(
    request: ApiRequest,
    reply: FastifyReply,
    what: 'swap' | 'cancel' | 'rollback' | 'drop',
    says: string,
  ): Promise<void> {
    const { projection, id } = named(request);
    const rebuild = await this.rebuilds[what](projection, id);
    this.note(request, rebuild, says);
    sendJson(reply, rebuildView(rebuild));
  }

  private note(request: ApiRequest, { id, projection }: Rebuild, says: string): void {
    const { apiKeyId } = principalOf(request);
    this.log.warn({ api_key: apiKeyId, request_id: request.id, rebuild: id, projection }, says);
  }
}

const named = (request: ApiRequest): { readonly projection: string; readonly id: string } => ({
  projection: pathParameter(request, 'projection'),
  id: pathParameter(request, 'rebuild'),
});
