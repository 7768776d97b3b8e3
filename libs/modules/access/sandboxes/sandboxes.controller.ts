import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  accessCommandRefusals,
  organizationNotFound,
  sandboxAnswer,
  sandboxPage,
  sandboxShape,
} from '@fintech-ledger/access/domain';
import type { SandboxView } from '@fintech-ledger/access/domain';
import { except } from '@fintech-ledger/contract';
import {
  bodyOf,
  commandContext,
  Endpoint,
  organizationReaderOf,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  SecurityLog,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { At } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { GetSandbox } from './get-sandbox.handler';
import { ListSandboxes } from './list-sandboxes.handler';
import { MakeSandbox } from './make-sandbox.handler';
import { CreateSandboxDto } from './sandbox.dto';
import { sandboxParameter } from './sandbox-parameter';

@Controller()
export class SandboxesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(SecurityLog) private readonly security: SecurityLog,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/sandboxes',
    operation: 'createSandbox',
    tag: 'Sandboxes',
    summary: 'Create a sandbox',
    description:
      'An isolated environment below a live organization, with ledgers, keys and events of its own. The answer shows ' +
      'its first API key as `api_key`, once. A replay of the same Idempotency-Key has `api_key: null` and ' +
      '`secret_shown: true`, or ends what an interrupted request has left undone, and then shows the key. Only for ' +
      'keys of live organizations.',
    scope: 'organization:admin',
    kind: 'command',
    body: CreateSandboxDto,
    answer: { status: 201, schema: sandboxAnswer, description: 'The sandbox, with its first API key.' },
    example: { name: 'Staging' },
    refusals: except(accessCommandRefusals.CreateSandbox, organizationNotFound),
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name } = bodyOf<CreateSandboxDto>(request);
    const context = commandContext(request);
    const command = new MakeSandbox(name, context);
    const outcome = await this.commands.execute<MakeSandbox, CommandOutcome>(command);
    if (outcome.kind === 'accepted') {
      const made = JSON.parse(outcome.answer) as { id: string; api_key?: string | null };
      if (typeof made.api_key === 'string')
        this.security.changed('key_created', request, { sandbox_id: made.id, scopes: ['*'] });
    }
    sendOutcome(reply, outcome, context.organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/sandboxes',
    operation: 'listSandboxes',
    tag: 'Sandboxes',
    summary: 'List the sandboxes, newest first',
    scope: 'organization:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: sandboxPage, description: 'A page of sandboxes.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const query = new ListSandboxes(organizationReaderOf(request), page);
    const answer = await this.queries.execute<ListSandboxes, At<Page<SandboxView>>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/sandboxes/:sandbox',
    parameters: [sandboxParameter],
    operation: 'getSandbox',
    tag: 'Sandboxes',
    summary: 'Get a sandbox',
    scope: 'organization:read',
    kind: 'read',
    answer: { status: 200, schema: sandboxShape, description: 'The sandbox.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new GetSandbox(organizationReaderOf(request), pathParameter(request, 'sandbox'));
    const answer = await this.queries.execute<GetSandbox, At<SandboxView>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }
}
