import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { environmentTime } from '@fintech-ledger/access';
import {
  ApiProblem,
  Endpoint,
  pathParameter,
  principalOf,
  queryOfRequest,
  readerOf,
  sendAnswer,
  timeWindow,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { accountParameter, ledgerParameter, ReadModels } from '@fintech-ledger/ledger';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { commandGatewayPort, refusedQuery } from '@fintech-ledger/projection-runtime';
import { readStatement } from './read-statement';
import { statementCamt053 } from './statement-camt053';
import { statementCsv } from './statement-csv';
import { periodNotOver, statementNotExpressible, statementTooLong } from './statement-refusals';
import { statementShape } from './statement-shape';
import { StatementQuery } from './statement.dto';

@Controller()
export class StatementsController {
  constructor(
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
  ) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/ledgers/:ledger/accounts/:address/statements',
    parameters: [ledgerParameter, accountParameter],
    operation: 'getStatement',
    tag: 'History',
    summary: 'Get the statement of an account for a period',
    description:
      'The opening balance, what was posted, and the closing balance, which is their sum. `from` is inclusive, `to` ' +
      'exclusive. CSV has the same lines; its amounts are in minor units, too. camt.053 has them in major units, as ' +
      'ISO 20022 has it, for currencies of ISO 4217.',
    scope: 'ledger:read',
    kind: 'read',
    isExpensive: true,
    query: StatementQuery,
    answer: {
      status: 200,
      schema: statementShape,
      texts: {
        'text/csv': statementCsv(statementShape.example),
        'application/xml': statementCamt053(statementShape.example, statementShape.example.to),
      },
      description: 'The statement.',
    },
    refusals: [accountNotFound, periodNotOver, statementTooLong, statementNotExpressible],
  })
  async statement(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const query = queryOfRequest<StatementQuery>(request);
    const address = pathParameter(request, 'address');
    const { axis = 'effective' } = query;
    const { end, now } = await this.present(request, axis);
    const { from, to = end } = timeWindow(query);
    if (to > end) throw refusedQuery(periodNotOver, `The period ends at ${to}, and it is ${now}.`, '/to');
    if (from !== undefined && from > to)
      throw new ApiProblem('invalid_parameter', '`from` comes after `to`.', { param: '/from' });
    const { ledgerId } = reader;
    const period = { to, axis, ...(from === undefined ? {} : { from }) };
    const answer = await readStatement(await this.models.ledger(reader), ledgerId, address, period);
    const { result } = answer;
    if (query.format === undefined || query.format === 'json') {
      sendAnswer(reply, answer, ledgerId);
      return;
    }
    const [type, ending, text] =
      query.format === 'csv'
        ? ['text/csv', 'csv', statementCsv(result)]
        : ['application/xml', 'xml', statementCamt053(result, now)];
    void reply
      .header('Ledger-Position', `${ledgerId}@${answer.revision}`)
      .header('content-type', `${type}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="${address.replaceAll(':', '-')}.${ending}"`)
      .send(text);
  }

  /**
   * The present on an axis, and where a period that has come to it ends. What is booked while a clock is frozen has its
   * time, and `to` is exclusive: there the period ends a millisecond later.
   */
  private async present(
    request: ApiRequest,
    axis: 'effective' | 'recorded',
  ): Promise<{ readonly end: string; readonly now: string }> {
    const real = new Date().toISOString();
    if (axis === 'recorded') return { end: real, now: real };
    const { frozen, time: now } = await environmentTime(this.gateway, principalOf(request), request.id);
    return { end: frozen ? new Date(Date.parse(now) + 1).toISOString() : now, now };
  }
}
