import { transactionPage, transactionShape } from '../views/transaction';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetTransaction } from './get-transaction.handler';
import { ListTransactions } from './list-transactions.handler';
import type { At } from '@fintech-ledger/projection-runtime';
import type { TransactionView } from '../views/transaction';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import {
  pathParameter,
  queryOfRequest,
  Endpoint,
  pageOf,
  readerOf,
  sendAnswer,
  timeWindow,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { TransactionsQuery } from './transaction-queries.dto';
import { ledgerParameter } from '../ledgers/ledger-parameter';
import { transactionParameter } from './transaction-parameter';

const read = { method: 'GET', tag: 'Transactions', scope: 'ledger:read', kind: 'read' } as const;

@Controller()
export class TransactionQueriesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/transactions/:transaction',
    parameters: [ledgerParameter, transactionParameter],
    operation: 'getTransaction',
    summary: 'Get a transaction',
    answer: { status: 200, schema: transactionShape, description: 'The transaction.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new GetTransaction(readerOf(request), pathParameter(request, 'transaction'));
    const answer = await this.queries.execute<GetTransaction, At<TransactionView>>(query);
    sendAnswer(reply, answer, pathParameter(request, 'ledger'));
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/transactions',
    parameters: [ledgerParameter],
    operation: 'listTransactions',
    summary: 'List transactions, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: TransactionsQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: transactionPage, description: 'A page of transactions.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const raw = queryOfRequest<TransactionsQuery>(request);
    const { limit: _limit, cursor: _cursor, from: _from, to: _to, axis: _axis, ...rest } = raw;
    const query = new ListTransactions(readerOf(request), { ...rest, ...timeWindow(raw) }, pageOf(raw));
    const answer = await this.queries.execute<ListTransactions, At<Page<TransactionView>>>(query);
    sendAnswer(reply, answer, pathParameter(request, 'ledger'));
  }
}
