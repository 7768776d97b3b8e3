import { ledgerAnswer, ledgerPage, ledgerShape } from '@fintech-ledger/access/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetLedger } from './get-ledger.handler';
import { ListLedgers } from './list-ledgers.handler';
import { WriteToOrganization } from './write-to-organization.handler';
import type { At } from '@fintech-ledger/projection-runtime';
import type { LedgerView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { bulkTooLarge } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import {
  bodyOf,
  pathParameter,
  queryOfRequest,
  commandContext,
  principalOf,
  Endpoint,
  pageOf,
  organizationReaderOf,
  PageQuery,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { CreateLedgerDto } from './ledger.dto';
import { ledgerParameter } from './ledger-parameter';

@Controller()
export class LedgersController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/ledgers',
    operation: 'createLedger',
    tag: 'Ledgers',
    summary: 'Create a ledger',
    scope: 'ledger:write',
    kind: 'command',
    body: CreateLedgerDto,
    answer: { status: 201, schema: ledgerAnswer, description: 'The ledger.' },
    example: { name: 'Marketplace', description: 'The books of the marketplace' },
    refusals: [bulkTooLarge],
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name, description, metadata } = bodyOf<CreateLedgerDto>(request);
    const context = commandContext(request);
    const outcome = await this.commands.execute<WriteToOrganization, CommandOutcome>(
      new WriteToOrganization(
        {
          type: 'CreateLedger',
          name,
          ...(description === undefined ? {} : { description }),
          ...(metadata === undefined ? {} : { metadata }),
        },
        context,
      ),
    );
    sendOutcome(reply, outcome, context.organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/ledgers',
    operation: 'listLedgers',
    tag: 'Ledgers',
    summary: 'List the ledgers, newest first',
    scope: 'ledger:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: ledgerPage, description: 'A page of ledgers.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const query = new ListLedgers(organizationReaderOf(request), page);
    const answer = await this.queries.execute<ListLedgers, At<Page<LedgerView>>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/ledgers/:ledger',
    parameters: [ledgerParameter],
    operation: 'getLedger',
    tag: 'Ledgers',
    summary: 'Get a ledger',
    scope: 'ledger:read',
    kind: 'read',
    answer: { status: 200, schema: ledgerShape, description: 'The ledger.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new GetLedger(organizationReaderOf(request), pathParameter(request, 'ledger'));
    const answer = await this.queries.execute<GetLedger, At<LedgerView>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }
}
