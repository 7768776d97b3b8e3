import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  ApiProblem,
  Endpoint,
  pathParameter,
  queryOfRequest,
  readerOf,
  sendAnswer,
  timeWindow,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { accountParameter, ledgerParameter, ReadModels } from '@fintech-ledger/ledger';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import { readStatement } from './read-statement';
import { statementCamt053 } from './statement-camt053';
import { statementCsv } from './statement-csv';
import { periodNotOver, statementNotExpressible, statementTooLong } from './statement-refusals';
import { statementShape } from './statement-shape';
import { StatementQuery } from './statement.dto';

@Controller()
export class StatementsController {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

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
    const now = new Date().toISOString();
    const { from, to = now } = timeWindow(query);
    if (to > now) throw refusedQuery(periodNotOver, `The period ends at ${to}, and it is ${now}.`);
    if (from !== undefined && from > to)
      throw new ApiProblem('invalid_parameter', '`from` comes after `to`.', { param: '/from' });
    const { ledgerId } = reader;
    const period = { to, axis: query.axis ?? 'effective', ...(from === undefined ? {} : { from }) };
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
}
