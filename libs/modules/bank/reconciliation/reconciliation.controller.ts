import { timeBefore } from '@fintech-ledger/contract';
import { reconciliationTooLarge } from '@fintech-ledger/bank/domain';
import {
  ApiProblem,
  commandContext,
  Endpoint,
  Is,
  isLive,
  Optional,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendOutcome,
  timeRule,
  timeWindow,
  yesNoRule,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { feeAdjustmentsShape, feesAtOnce } from '@fintech-ledger/payments/domain';
import { actsAlone, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FeeAdjustments } from './fee-adjustments';
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

export class AdjustFeesQuery extends ReconciliationQuery {
  @Is(yesNoRule, 'Reads and answers as ever, but books nothing.')
  @Optional()
  declare readonly dry_run?: 'true' | 'false';
}

@Controller()
export class ReconciliationController {
  constructor(
    @Inject(ReconciliationReads) private readonly reads: ReconciliationReads,
    @Inject(FeeAdjustments) private readonly adjustments: FeeAdjustments,
  ) {}

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

  @Endpoint({
    method: 'POST',
    tag: 'Reconciliation',
    path: '/v1/reconciliation/fee_adjustments',
    operation: 'adjustFees',
    summary: 'Book fees as rails report them',
    description:
      'Reads what rails report of the time asked for. Where a fee is not what is booked, the difference is: between ' +
      'the clearing account of the rail and the balance of who bears the fee, as a line of type `adjustment`; of the ' +
      "platform's it is an expense apart from the fees that were expected. What a rail reports is a fact: nothing " +
      `refuses it. A report that is read again books nothing. One request books at most ${feesAtOnce} fees: as long ` +
      'as `has_more` is true send another one, under an Idempotency-Key of its own, if any: a repetition under a ' +
      'known one gets the first answer. Nobody has to ask: the reports of a day are read at its end, at 00:00 UTC by ' +
      'the clock of the environment, and the same is booked. This is for days that are not over, and for earlier ' +
      'ones of which a rail has reported something else since.',
    scope: 'payments:admin',
    kind: 'command',
    query: AdjustFeesQuery,
    isExpensive: true,
    answer: { status: 200, schema: feeAdjustmentsShape, description: 'What was booked.' },
    refusals: [reconciliationTooLarge, ...actsAlone],
    problems: [
      ...(['invalid_parameter', 'invalid_position'] as const),
      ...(['read_model_halted', 'read_model_inconsistent', 'journal_damaged'] as const),
    ],
  })
  async adjust(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseConnectedAccount(request);
    const { dry_run: _, ...asked } = queryOfRequest<AdjustFeesQuery>(request);
    const context = commandContext(request, asked);
    const now = await this.reads.now(request);
    // Which time `to` stands for is known from the first answer alone.
    const first = await this.adjustments.answeredBefore(context, now);
    if (first !== undefined) return sendOutcome(reply, first.outcome, first.owner);
    const window = windowOf(asked, now);
    const fees = await this.reads.fees(request, window, now);
    const read = { ...window, fees, livemode: isLive(principalOf(request)) };
    const { outcome, owner } = await this.adjustments.adjust(read, context);
    sendOutcome(reply, outcome, owner);
  }
}

/** @throws ApiProblem `invalid_parameter` */
function windowOf(query: ReconciliationQuery, now: string): Window {
  const asked = timeWindow(query);
  const { to = now } = asked;
  const { from = timeBefore(to, daysUsual * dayMs) } = asked;
  const days = (Date.parse(to) - Date.parse(from)) / dayMs;
  if (days < 0) throw new ApiProblem('invalid_parameter', '`from` is after `to`.', { param: '/from' });
  if (days > daysMax)
    throw new ApiProblem('invalid_parameter', `It is more than ${daysMax} days before \`to\`.`, {
      param: '/from',
    });
  return { from, to };
}
