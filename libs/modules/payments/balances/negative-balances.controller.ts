import {
  Endpoint,
  isLive,
  pageOf,
  PageQuery,
  principalOf,
  queryOfRequest,
  sendAnswer,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { negativeBalancePage } from '@fintech-ledger/payments/domain';
import type { NegativeBalanceView } from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAlone } from '../payments/connected-account';
import { noPage, PaymentsReader } from '../payments/payments-reader';
import { paymentQueriesPort } from '../read-model/queries';
import type { PaymentQueries } from '../read-model/queries';

@Controller()
export class NegativeBalancesController {
  constructor(
    @Inject(PaymentsReader) private readonly reader: PaymentsReader,
    @Inject(paymentQueriesPort) private readonly queries: PaymentQueries,
  ) {}

  @Endpoint({
    method: 'GET',
    tag: 'Balance',
    scope: 'payments:read',
    kind: 'read',
    path: '/v1/negative_balances',
    operation: 'listNegativeBalances',
    summary: 'List balances below zero',
    description:
      'What accounts of the environment owe, by account and currency: disputes, refunds and fees may take more than ' +
      'there is. The next money pays it.',
    query: PageQuery,
    answer: { status: 200, schema: negativeBalancePage, description: 'A page of balances below zero.' },
    refusals: actsAlone,
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const { ledgerId, revision, result } = await this.reader.read(
      request,
      (ledger) => this.queries.negativeBalances(ledger, page),
      noPage,
    );
    const livemode = isLive(principalOf(request));
    const data = result.data.map(({ owner, bucket, amount, currency }): NegativeBalanceView => ({
      object: 'negative_balance',
      account: owner,
      bucket,
      amount,
      receivable: String(-BigInt(amount)),
      currency,
      livemode,
    }));
    sendAnswer(reply, { revision, result: { ...result, data } }, ledgerId);
  }
}
