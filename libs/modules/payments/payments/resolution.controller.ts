import { except, parseTime } from '@fintech-ledger/contract';
import { ApiProblem, bodyOf, Endpoint, pathParameter } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  outcomeNotPossible,
  paymentAnswer,
  paymentCommandRefusals,
  paymentNotFound,
  payoutAnswer,
  payoutNotFound,
  refundAnswer,
  refundNotFound,
} from '@fintech-ledger/payments/domain';
import type { RailOutcome } from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actingIn, actsAlone, actsAsAccount } from './connected-account';
import { payoutParameter } from '../payouts/payout.dto';
import { paymentParameter, refundParameter } from './payment-rules';
import { PaymentWriter } from './payment-writer';
import { ResolvePaymentDto, ResolvePayoutDto, ResolveRefundDto } from './resolution.dto';

const command = { method: 'POST', scope: 'payments:admin', kind: 'command' } as const;
const { ResolvePayout, ResolveRailCall } = paymentCommandRefusals;
const description =
  'The rail is asked until it tells; this is for one that does not. Find out by other means first, such as its own ' +
  'reports: what is said here is booked, and who said it is in the history.';

@Controller()
export class ResolutionController {
  constructor(@Inject(PaymentWriter) private readonly writer: PaymentWriter) {}

  @Endpoint({
    ...command,
    tag: 'Payments',
    path: '/v1/payments/:payment/resolve',
    parameters: [paymentParameter],
    operation: 'resolvePayment',
    summary: 'Say what became of a payment whose rail does not tell',
    description,
    body: ResolvePaymentDto,
    answer: { status: 200, schema: paymentAnswer, description: 'The payment.' },
    example: {
      outcome: 'captured',
      rail_reference: 'ch_1',
      fee: '320',
      available_on: '2026-02-01T00:00:00.000Z',
    },
    refusals: [...except(ResolveRailCall, paymentNotFound, refundNotFound), ...actsAlone],
  })
  payment(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const paymentId = pathParameter(request, 'payment');
    const outcome = outcomeIn(bodyOf<ResolvePaymentDto>(request));
    return this.writer.write(request, reply, { type: 'ResolveRailCall', paymentId, outcome });
  }

  @Endpoint({
    ...command,
    tag: 'Refunds',
    path: '/v1/refunds/:refund/resolve',
    parameters: [refundParameter],
    operation: 'resolveRefund',
    summary: 'Say what became of a refund whose rail does not tell',
    description: `${description} Of one by bank that the bank has not carried out: that it left is said by statements.`,
    body: ResolveRefundDto,
    answer: { status: 200, schema: refundAnswer, description: 'The refund.' },
    example: { outcome: 'refunded', rail_reference: 're_1' },
    refusals: [...except(ResolveRailCall, paymentNotFound, refundNotFound, outcomeNotPossible), ...actsAlone],
  })
  refund(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const refundId = pathParameter(request, 'refund');
    const { outcome: kind, ...said } = bodyOf<ResolveRefundDto>(request);
    const outcome: RailOutcome =
      kind === 'refunded'
        ? { kind, railReference: said.rail_reference ?? 'unknown' }
        : { kind, reason: said.failure_reason ?? 'unknown' };
    return this.writer.write(request, reply, { type: 'ResolveRailCall', refundId, outcome });
  }

  @Endpoint({
    ...command,
    scope: 'payouts:admin',
    tag: 'Payouts',
    path: '/v1/payouts/:payout/resolve',
    parameters: [payoutParameter],
    operation: 'resolvePayout',
    summary: 'Say what became of a payout whose rail does not tell',
    description: `${description} A payout that is paid and may still come back can be said to have, or not to.`,
    body: ResolvePayoutDto,
    answer: { status: 200, schema: payoutAnswer, description: 'The payout.' },
    example: { outcome: 'paid', rail_reference: 'po_1' },
    refusals: [...except(ResolvePayout, payoutNotFound), ...actsAsAccount],
    mayActAsAccount: true,
  })
  payout(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const payoutId = pathParameter(request, 'payout');
    const said = bodyOf<ResolvePayoutDto>(request);
    const message = said.failure_message ?? 'The rail did not pay it out.';
    const outcome =
      said.outcome === 'paid'
        ? ({ kind: 'paid_out', railReference: said.rail_reference ?? 'unknown' } as const)
        : ({
            kind: 'pay_out_failed',
            failureCode: said.failure_code ?? 'unknown',
            message,
          } as const);
    const acting = actingIn(request);
    return this.writer.writeAs(
      request,
      reply,
      { type: 'ResolvePayout', ...acting, outcome, payoutId },
      acting,
    );
  }
}

/** @throws ApiProblem `outcome_not_possible` */
function outcomeIn(said: ResolvePaymentDto): RailOutcome {
  const { outcome: kind, rail_reference, fee, available_on, decline_code = 'generic_decline' } = said;
  const needed = <T>(value: T | undefined, name: string): T => {
    if (value !== undefined) return value;
    const detail = `What was ${kind} has \`${name}\`: it is booked.`;
    throw new ApiProblem(outcomeNotPossible, detail, { param: `/${name}` });
  };
  switch (kind) {
    case 'voided':
      return { kind };
    case 'declined': {
      const message = 'The rail declined the payment.';
      return { kind, railReference: rail_reference ?? null, declineCode: decline_code, message };
    }
    case 'authorized':
      return { kind, railReference: needed(rail_reference, 'rail_reference') };
    case 'captured':
      return {
        kind,
        railReference: needed(rail_reference, 'rail_reference'),
        fee: needed(fee, 'fee'),
        availableOn: parseTime(needed(available_on, 'available_on')) ?? '',
      };
  }
}
