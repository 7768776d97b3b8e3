import { unitAnswer, unitPage } from '@fintech-ledger/access/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ListUnits } from './list-units.handler';
import { WriteToOrganization } from '../ledgers/write-to-organization.handler';
import type { At } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { UnitView } from '@fintech-ledger/access/domain';
import type { CommandOutcome } from '@fintech-ledger/journal';
import {
  bodyOf,
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
import { DeclareUnitDto } from './unit.dto';
import { directoryRefusals } from '@fintech-ledger/ledger/domain';

@Controller()
export class UnitsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/units',
    operation: 'declareUnit',
    tag: 'Units',
    summary: 'Declare a unit that is not an ISO 4217 currency',
    description: 'It may be declared again with another name or exponent until an account uses it.',
    scope: 'ledger:write',
    kind: 'command',
    body: DeclareUnitDto,
    answer: { status: 201, schema: unitAnswer, description: 'The unit.' },
    example: { code: 'POINTS', exponent: 0, name: 'Loyalty points' },
    refusals: directoryRefusals.DeclareUnit,
  })
  async declare(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { code, exponent, name } = bodyOf<DeclareUnitDto>(request);
    const context = commandContext(request);
    const outcome = await this.commands.execute<WriteToOrganization, CommandOutcome>(
      new WriteToOrganization({ type: 'DeclareUnit', code, exponent, name }, context),
    );
    sendOutcome(reply, outcome, context.organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/units',
    operation: 'listUnits',
    tag: 'Units',
    summary: 'List the declared units, newest first',
    scope: 'ledger:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: unitPage, description: 'A page of units.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const query = new ListUnits(organizationReaderOf(request), page);
    const answer = await this.queries.execute<ListUnits, At<Page<UnitView>>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }
}
