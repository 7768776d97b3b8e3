import { sandboxKeyRequired } from '@fintech-ledger/access/domain';
import { except } from '@fintech-ledger/contract';
import {
  ApiProblem,
  bodyOf,
  Endpoint,
  isDryRun,
  pathParameter,
  sendJson,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  paymentAnswer,
  paymentCommandRefusals,
  paymentNotFound,
  reportedFeeShape,
  simulatorShape,
} from '@fintech-ledger/payments/domain';
import type { PaymentCommand, SimulatorView } from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PaymentsLedgers } from '../ledger/payments-ledgers';
import { actsAlone } from '../payments/connected-account';
import { paymentParameter } from '../payments/payment-rules';
import { PaymentWriter } from '../payments/payment-writer';
import { simulatorControlsPort } from '../rails/simulator/simulator-controls';
import type { SimulatorControls } from '../rails/simulator/simulator-controls';
import type { SimulatorSettings } from '../rails/simulator/settings';
import { sandboxOf } from './sandbox-of';
import { CompleteActionDto, ReportFeeDto, SimulatorDto } from './test-helpers.dto';

const tag = 'Test helpers';
const path = '/v1/test_helpers/simulator';
const answer = { status: 200, schema: simulatorShape, description: 'How it behaves.' };

@Controller()
export class TestHelpersController {
  constructor(
    @Inject(simulatorControlsPort) private readonly simulator: SimulatorControls,
    @Inject(PaymentsLedgers) private readonly ledgers: PaymentsLedgers,
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
  ) {}

  @Endpoint({
    method: 'GET',
    tag,
    path,
    operation: 'getSimulator',
    summary: 'Get how the simulator behaves',
    scope: 'payments:read',
    kind: 'plain',
    answer,
    refusals: [sandboxKeyRequired],
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    sendJson(reply, shown(await this.simulator.settings(sandboxOf(request))));
  }

  @Endpoint({
    method: 'PUT',
    tag,
    path,
    operation: 'changeSimulator',
    summary: 'Change how the simulator behaves',
    description: 'In this sandbox, for what it does from now on.',
    scope: 'payments:write',
    kind: 'plain',
    body: SimulatorDto,
    answer,
    example: { fee_bps: 290, fee_fixed: '30', settlement_days: 2, dispute_fee: '1500' },
    refusals: [sandboxKeyRequired],
  })
  async change(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<SimulatorDto>(request);
    const { fee_bps: feeBps, fee_fixed: fixed, settlement_days: settlementDays, dispute_fee: dispute } = body;
    const settings = await this.simulator.change(sandboxOf(request), {
      ...(feeBps !== undefined && { feeBps }),
      ...(fixed !== undefined && { feeFixedMinor: BigInt(fixed) }),
      ...(settlementDays !== undefined && { settlementDays }),
      ...(dispute !== undefined && { disputeFeeMinor: BigInt(dispute) }),
    });
    sendJson(reply, shown(settings));
  }

  @Endpoint({
    method: 'POST',
    tag,
    path: '/v1/test_helpers/payments/:payment/report_fee',
    parameters: [paymentParameter],
    operation: 'reportFee',
    summary: 'Have the simulator report another fee',
    description:
      'Than it said when it captured, refunded or was disputed: what rails charge in the end is in their reports. ' +
      '`POST /v1/reconciliation/fee_adjustments` books what differs.',
    scope: 'payments:write',
    kind: 'plain',
    body: ReportFeeDto,
    answer: { status: 200, schema: reportedFeeShape, description: 'What it reports.' },
    example: { fee: '350' },
    refusals: [sandboxKeyRequired],
  })
  async reportFee(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const environment = sandboxOf(request);
    const payment = pathParameter(request, 'payment');
    const { fee, kind = 'payment' } = bodyOf<ReportFeeDto>(request);
    const lines = await this.simulator.reportFee(environment, { feeMinor: BigInt(fee), kind, payment });
    if (lines === 0)
      throw new ApiProblem(paymentNotFound, `The simulator has no line \`${kind}\` of a payment ${payment}.`);
    sendJson(reply, { object: 'reported_fee', payment, kind, fee, lines });
  }

  @Endpoint({
    method: 'POST',
    tag,
    path: '/v1/test_helpers/payments/:payment/complete_action',
    parameters: [paymentParameter],
    operation: 'completePaymentAction',
    summary: 'Act as the payer who has to',
    description: 'As the page of `next_action` does it. A payer who is not authenticated is declined.',
    scope: 'payments:write',
    kind: 'command',
    body: CompleteActionDto,
    answer: { status: 200, schema: paymentAnswer, description: 'The payment.' },
    example: { outcome: 'succeeded' },
    refusals: [
      sandboxKeyRequired,
      ...except(paymentCommandRefusals.RecordPayerAction, paymentNotFound),
      ...actsAlone,
    ],
  })
  async complete(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const environment = sandboxOf(request);
    const paymentId = pathParameter(request, 'payment');
    const { outcome } = bodyOf<CompleteActionDto>(request);
    const at = await this.ledgers.timeOf(environment, request.id);
    const act = async (isTrial: boolean): Promise<PaymentCommand> => {
      const place = { payment: paymentId };
      const done = await this.simulator.complete(environment, place, outcome, at, isTrial);
      return { type: 'RecordPayerAction', paymentId, ...(done ?? { call: null, outcome: null }) };
    };
    // What is refused, or was answered before, does nothing at the rail.
    const tried = await this.writer.outcome(request, await act(true), { dryRun: true });
    const isOver = tried.outcome.kind === 'refused' || tried.outcome.replayed;
    if (isOver || isDryRun(request)) return sendOutcome(reply, tried.outcome, tried.owner);
    return this.writer.write(request, reply, await act(false));
  }
}

function shown({ feeBps, feeFixedMinor, settlementDays, disputeFeeMinor }: SimulatorSettings): SimulatorView {
  return {
    object: 'simulator',
    fee_bps: feeBps,
    fee_fixed: String(feeFixedMinor),
    settlement_days: settlementDays,
    dispute_fee: String(disputeFeeMinor),
  };
}
