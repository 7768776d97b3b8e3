import {
  bodyOf,
  Endpoint,
  pageOf,
  PageQuery,
  pathParameter,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import {
  historyPage,
  paymentCommandRefusals,
  refundAnswer,
  refundNotFound,
  refundPage,
  refundShape,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actingIn, actingOf, actsAsAccount, connectedAccountsPort } from '../payments/connected-account';
import type { ConnectedAccounts } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { PaymentReads } from '../payments/payment-reads';
import { refundParameter } from '../payments/payment-rules';
import { PaymentWriter } from '../payments/payment-writer';
import { CreateRefundDto, RefundsQuery } from './refund.dto';

const read = {
  method: 'GET',
  tag: 'Refunds',
  scope: 'payments:read',
  kind: 'read',
  refusals: actsAsAccount,
  mayActAsAccount: true,
} as const;
const one = { path: '/v1/refunds/:refund', parameters: [refundParameter] };

@Controller()
export class RefundsController {
  constructor(
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
    @Inject(PaymentReads) private readonly reads: PaymentReads,
    @Inject(connectedAccountsPort) private readonly accounts: ConnectedAccounts,
  ) {}

  @Endpoint({
    method: 'POST',
    tag: 'Refunds',
    scope: 'payments:write',
    kind: 'command',
    mayActAsAccount: true,
    path: '/v1/refunds',
    operation: 'createRefund',
    summary: 'Refund a payment',
    description:
      'It takes from what its payment still has pending, then from what is available, which may become negative. ' +
      'What it takes of the transfer is never more than the connected account has. A dry run calls no rail: it ' +
      'answers with a refund that is `pending`.',
    body: CreateRefundDto,
    answer: { status: 201, schema: refundAnswer, description: 'The refund.' },
    example: { payment: 'pay_1', amount: '3333', reason: 'requested_by_customer' },
    refusals: [...paymentCommandRefusals.CreateRefund, ...actsAsAccount],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { payment, amount, reason = null, metadata, ...options } = bodyOf<CreateRefundDto>(request);
    const acting = actingIn(request);
    const command = {
      type: 'CreateRefund',
      ...acting,
      ...(amount !== undefined && { amount }),
      ...(options.refund_application_fee === true && { refundsApplicationFee: true }),
      ...(options.reverse_transfer === true && { reversesTransfer: true }),
      paymentId: payment,
      reason,
      metadata: sortedMetadata(metadata),
    } as const;
    return this.writer.writeAs(request, reply, command, acting);
  }

  @Endpoint({
    ...read,
    path: '/v1/refunds',
    operation: 'listRefunds',
    summary: 'List refunds, newest first',
    query: RefundsQuery,
    answer: { status: 200, schema: refundPage, description: 'A page of refunds.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<RefundsQuery>(request);
    const { payment, status } = query;
    const filter = {
      ...(await actingOf(request, this.accounts)),
      ...windowMs(query),
      ...(payment !== undefined && { payment }),
      ...(status !== undefined && { status }),
    };
    const answer = await this.reads.refunds(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getRefund',
    summary: 'Get a refund',
    query: AsOfQuery,
    answer: { status: 200, schema: refundShape, description: 'The refund.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.refund(
      request,
      pathParameter(request, 'refund'),
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getRefundHistory',
    summary: 'List what happened to a refund, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(
      request,
      pathParameter(request, 'refund'),
      page,
      refundNotFound,
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
