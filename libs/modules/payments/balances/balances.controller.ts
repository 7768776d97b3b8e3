import {
  Endpoint,
  isLive,
  pageOf,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import {
  balanceShape,
  balanceTransactionNotFound,
  balanceTransactionPage,
  balanceTransactionShape,
} from '@fintech-ledger/payments/domain';
import { found } from '@fintech-ledger/projection-runtime';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAsAccount, connectedAccountsPort, ownerOf } from '../payments/connected-account';
import type { ConnectedAccounts } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { noPage, PaymentsReader, whyNone } from '../payments/payments-reader';
import { paymentQueriesPort } from '../read-model/queries';
import type { PaymentQueries } from '../read-model/queries';
import { BalanceTransactionsQuery } from './balance.dto';
import { showBalance, showBalanceTransaction } from './show-balance';

const read = {
  method: 'GET',
  tag: 'Balance',
  scope: 'payments:read',
  kind: 'read',
  refusals: actsAsAccount,
  mayActAsAccount: true,
} as const;
const parameter: PathParameter = {
  name: 'line',
  description: 'The id of the line.',
  pattern: /^bt_[A-Za-z0-9_-]{1,64}$/,
  refusal: balanceTransactionNotFound,
  detail: 'There is no such line.',
};

@Controller()
export class BalancesController {
  constructor(
    @Inject(PaymentsReader) private readonly reader: PaymentsReader,
    @Inject(paymentQueriesPort) private readonly queries: PaymentQueries,
    @Inject(connectedAccountsPort) private readonly accounts: ConnectedAccounts,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/balance',
    operation: 'getPaymentsBalance',
    summary: 'Get the balance',
    description:
      'Of the platform, or of the connected account that the request acts as: what may be paid out, what rails have ' +
      'not settled yet, and what is held back.',
    query: AsOfQuery,
    answer: { status: 200, schema: balanceShape, description: 'The balance.' },
  })
  async balance(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id, defaultCurrency } = await ownerOf(request, this.accounts);
    const { ledgerId, revision, result } = await this.reader.readForAny(
      request,
      (ledger, asOf) => this.queries.balance(ledger, id, asOf),
      [],
    );
    const balance = showBalance(result, isLive(principalOf(request)), defaultCurrency);
    sendAnswer(reply, { revision, result: balance }, ledgerId);
  }

  @Endpoint({
    ...read,
    path: '/v1/balance_transactions',
    operation: 'listBalanceTransactions',
    summary: 'List the lines of the balance, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: BalanceTransactionsQuery,
    answer: { status: 200, schema: balanceTransactionPage, description: 'A page of lines.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<BalanceTransactionsQuery>(request);
    const { type, status, currency, source } = query;
    const filter = {
      owner: (await ownerOf(request, this.accounts)).id,
      ...windowMs(query),
      ...(type !== undefined && { type }),
      ...(status !== undefined && { status }),
      ...(currency !== undefined && { currency }),
      ...(source !== undefined && { source }),
    };
    const { ledgerId, revision, result } = await this.reader.readForAny(
      request,
      (ledger) => this.queries.balanceTransactions(ledger, filter, pageOf(query)),
      noPage,
    );
    const data = result.data.map((line) => showBalanceTransaction(line, ledgerId));
    sendAnswer(reply, { revision, result: { ...result, data } }, ledgerId);
  }

  @Endpoint({
    ...read,
    path: '/v1/balance_transactions/:line',
    parameters: [parameter],
    operation: 'getBalanceTransaction',
    summary: 'Get a line of the balance',
    query: AsOfQuery,
    answer: { status: 200, schema: balanceTransactionShape, description: 'The line.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = pathParameter(request, 'line');
    const owner = await ownerOf(request, this.accounts);
    const { ledgerId, ...answer } = await this.reader.readForAny(
      request,
      (ledger, asOf) => this.queries.balanceTransaction(ledger, owner.id, id, asOf),
      null,
    );
    const { result, revision } = found(answer, balanceTransactionNotFound, whyNone(request, id));
    sendAnswer(reply, { revision, result: showBalanceTransaction(result, ledgerId) }, ledgerId);
  }
}
