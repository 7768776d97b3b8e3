import { bodyOf, Endpoint, isLive, principalOf, sendAnswer } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  paymentCommandRefusals,
  payoutScheduleAnswer,
  payoutScheduleShape,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAlone } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { PaymentReads } from '../payments/payment-reads';
import { PaymentWriter } from '../payments/payment-writer';
import { PayoutScheduleDto, scheduleOf } from './payout-schedule.dto';

const path = '/v1/payout_schedule';
const tag = 'Payouts';

@Controller()
export class PayoutScheduleController {
  constructor(
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
    @Inject(PaymentReads) private readonly reads: PaymentReads,
  ) {}

  @Endpoint({
    method: 'PUT',
    path,
    tag,
    scope: 'payouts:write',
    kind: 'command',
    operation: 'setPayoutSchedule',
    summary: 'Set when the platform is paid out',
    description:
      'At 00:00 UTC, by the clock of the environment, all that may be paid out is, in each currency. The schedules ' +
      'of connected accounts are theirs: `payout_schedule`.',
    body: PayoutScheduleDto,
    answer: { status: 200, schema: payoutScheduleAnswer, description: 'The schedule.' },
    example: { interval: 'weekly', weekly_anchor: 'friday', minimum_amount: '1000' },
    refusals: [...paymentCommandRefusals.SetPayoutSchedule, ...actsAlone],
  })
  set(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const schedule = scheduleOf(bodyOf<PayoutScheduleDto>(request));
    const livemode = isLive(principalOf(request));
    return this.writer.write(request, reply, { type: 'SetPayoutSchedule', livemode, schedule });
  }

  @Endpoint({
    method: 'GET',
    path,
    tag,
    scope: 'payouts:read',
    kind: 'read',
    operation: 'getPayoutSchedule',
    summary: 'Get when the platform is paid out',
    query: AsOfQuery,
    answer: { status: 200, schema: payoutScheduleShape, description: 'The schedule.' },
    refusals: actsAlone,
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.payoutSchedule(request);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
