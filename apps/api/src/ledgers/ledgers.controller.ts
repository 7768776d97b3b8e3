import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetLedger, ListLedgers, WriteToOrganization } from '@fintech-ledger/application';
import type { At, LedgerView, Page } from '@fintech-ledger/application';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { bodyOf, pathParameter, queryOfRequest } from '../http/api-request';
import type { ApiRequest } from '../http/api-request';
import { commandContext, principalOf } from '../http/command-context';
import { Endpoint } from '../http/endpoint';
import { pageOf } from '../http/page-request';
import { organizationReaderOf } from '../http/position';
import { PageQuery } from '../http/query-dtos';
import { sendAnswer } from '../http/send-answer';
import { sendOutcome } from '../http/send-outcome';
import { CreateLedgerDto } from './ledger.dto';

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
    answer: { status: 201, schema: 'LedgerAnswer', description: 'The ledger.' },
    example: { name: 'Marketplace', description: 'The books of the marketplace' },
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
    answer: { status: 200, schema: 'LedgerPage', description: 'A page of ledgers.' },
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
    operation: 'getLedger',
    tag: 'Ledgers',
    summary: 'Get a ledger',
    scope: 'ledger:read',
    kind: 'read',
    answer: { status: 200, schema: 'Ledger', description: 'The ledger.' },
    refusals: ['ledger_not_found'],
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new GetLedger(organizationReaderOf(request), pathParameter(request, 'ledger'));
    const answer = await this.queries.execute<GetLedger, At<LedgerView>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }
}
