import { reconciliationTooLarge } from '@fintech-ledger/bank/domain';
import {
  ApiProblem,
  Endpoint,
  Is,
  Optional,
  queryOfRequest,
  sendAnswer,
  timeRule,
  timeWindow,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReconciliationReads } from './reconciliation-reads';
import type { Window } from './reconciliation-reads';
import { reconciliationShape } from './reconciliation-views';

const dayMs = 86_400_000;
/** What is compared where nothing is asked for, and at most. */
const [daysUsual, daysMax] = [31, 92];

export class ReconciliationQuery {
  @Is(timeRule, 'Only what counts from this time on; 31 days before `to` when it is left out.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only what counts before this time; now when it is left out.')
  @Optional()
  declare readonly to?: string;
}

@Controller()
export class ReconciliationController {
  constructor(@Inject(ReconciliationReads) private readonly reads: ReconciliationReads) {}

  @Endpoint({
    method: 'GET',
    tag: 'Reconciliation',
    path: '/v1/reconciliation',
    operation: 'getReconciliation',
    summary: 'Hold the books against what rails and banks report',
    description:
      'By rail and currency, line by line: what a rail says it settles in the time asked for, with the fee that it ' +
      'takes, against what is booked and the fee that was expected; and how balances moved in the statements ' +
      'imported then, against what their lines have booked. What differs is named, and its sum is the difference. ' +
      '`open` is what ' +
      `is not explained or not confirmed by now, with its age. At most ${daysMax} days at once.`,
    scope: 'payments:read',
    kind: 'read',
    query: ReconciliationQuery,
    isExpensive: true,
    answer: { status: 200, schema: reconciliationShape, description: 'The comparison.' },
    refusals: [reconciliationTooLarge, ...actsAlone],
    problems: ['invalid_parameter'],
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const now = await this.reads.now(request);
    const window = windowOf(queryOfRequest<ReconciliationQuery>(request), now);
    const { result, ...at } = await this.reads.read(request, window, now);
    const position = `${at.ledgerId}@${at.revision}`;
    sendAnswer(reply, { ...at, result: { ...result, position } }, at.ledgerId);
  }
}

/** @throws ApiProblem `invalid_parameter` */
function windowOf(query: ReconciliationQuery, now: string): Window {
  const asked = timeWindow(query);
  const { to = now } = asked;
  const { from = new Date(Date.parse(to) - daysUsual * dayMs).toISOString() } = asked;
  const days = (Date.parse(to) - Date.parse(from)) / dayMs;
  if (days < 0) throw new ApiProblem('invalid_parameter', '`from` is after `to`.', { param: '/from' });
  if (days > daysMax)
    throw new ApiProblem('invalid_parameter', `It is more than ${daysMax} days before \`to\`.`, {
      param: '/from',
    });
  return { from, to };
}
