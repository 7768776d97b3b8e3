import {
  Endpoint,
  pageOf,
  PageQuery,
  pathParameter,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  attemptPage,
  historyPage,
  paymentNotFound,
  paymentPage,
  paymentShape,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actingOf, actsAsAccount, connectedAccountsPort } from './connected-account';
import type { ConnectedAccounts } from './connected-account';
import { AsOfQuery, PaymentsQuery } from './payment.dto';
import { PaymentReads } from './payment-reads';
import { paymentParameter } from './payment-rules';

const read = {
  method: 'GET',
  tag: 'Payments',
  scope: 'payments:read',
  kind: 'read',
  refusals: actsAsAccount,
  mayActAsAccount: true,
} as const;
const one = { path: '/v1/payments/:payment', parameters: [paymentParameter] };

@Controller()
export class PaymentQueriesController {
  constructor(
    @Inject(PaymentReads) private readonly reads: PaymentReads,
    @Inject(connectedAccountsPort) private readonly accounts: ConnectedAccounts,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/payments',
    operation: 'listPayments',
    summary: 'List payments, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: PaymentsQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: paymentPage, description: 'A page of payments.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<PaymentsQuery>(request);
    const { status, customer, connected_account: party, transfer_group: transferGroup, metadata } = query;
    const filter = {
      ...(await actingOf(request, this.accounts)),
      ...windowMs(query),
      ...(status !== undefined && { status }),
      ...(customer !== undefined && { customer }),
      ...(party !== undefined && { party }),
      ...(transferGroup !== undefined && { transferGroup }),
      ...(metadata !== undefined && { metadata }),
    };
    const answer = await this.reads.payments(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getPayment',
    summary: 'Get a payment',
    query: AsOfQuery,
    answer: { status: 200, schema: paymentShape, description: 'The payment.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.payment(
      request,
      pathParameter(request, 'payment'),
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getPaymentHistory',
    summary: 'List what happened to a payment, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(
      request,
      pathParameter(request, 'payment'),
      page,
      paymentNotFound,
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/attempts`,
    parameters: one.parameters,
    operation: 'listPaymentAttempts',
    summary: 'List the attempts of a payment, newest first',
    query: PageQuery,
    answer: { status: 200, schema: attemptPage, description: 'A page of attempts.' },
  })
  async attempts(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.attempts(
      request,
      pathParameter(request, 'payment'),
      page,
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
