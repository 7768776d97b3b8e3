import { accountPage, accountShape } from '../views/account';
import { balanceShape, subtreeBalancePage, trialBalanceShape } from '../views/balance';
import { accountEntryPage } from '../views/transaction';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetAccount } from './get-account.handler';
import { GetBalance } from '../balances/get-balance.handler';
import { GetJournalBalance } from '../balances/get-journal-balance.handler';
import { GetTrialBalance } from '../balances/get-trial-balance.handler';
import { ListAccountEntries } from '../history/list-account-entries.handler';
import { ListAccounts } from './list-accounts.handler';
import { ListSubtreeBalances } from '../balances/list-subtree-balances.handler';
import type { At } from '@fintech-ledger/projection-runtime';
import {
  pathParameter,
  queryOfRequest,
  queryContext,
  Endpoint,
  pageOf,
  asOfQuery,
  readerAsOf,
  readerOf,
  sendAnswer,
  timeWindow,
  ApiProblem,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  AccountsQuery,
  BalanceQuery,
  EntriesQuery,
  SubtreeBalancesQuery,
  TrialBalanceQuery,
} from './account-queries.dto';
import { accountParameter } from './account-parameter';
import { ledgerParameter } from '../ledgers/ledger-parameter';
import { accountNotFound } from '@fintech-ledger/ledger/domain';

const read = { method: 'GET', tag: 'Accounts', scope: 'ledger:read', kind: 'read' } as const;

@Controller()
export class AccountQueriesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/accounts',
    parameters: [ledgerParameter],
    operation: 'listAccounts',
    summary: 'List accounts, newest first',
    query: AccountsQuery,
    isExpensive: ['type', 'currency', 'metadata'],
    answer: { status: 200, schema: accountPage, description: 'A page of accounts.' },
  })
  list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { limit: _limit, cursor: _cursor, ...filter } = queryOfRequest<AccountsQuery>(request);
    return this.answer(request, reply, new ListAccounts(readerOf(request), filter, this.page(request)));
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/accounts/:address',
    parameters: [ledgerParameter, accountParameter],
    operation: 'getAccount',
    summary: 'Get an account',
    answer: { status: 200, schema: accountShape, description: 'The account.' },
    refusals: [accountNotFound],
  })
  get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new GetAccount(readerOf(request), pathParameter(request, 'address'));
    return this.answer(request, reply, query);
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/accounts/:address/balance',
    parameters: [ledgerParameter, accountParameter],
    operation: 'getBalance',
    summary: 'Get the balance of an account, now or as of a time or position',
    description:
      '`source=journal` answers the current balance from the account’s last event, its hash checked, by the writer of the ledger instead of a read model: also while those are behind. When they do not say where that event is, the journal is searched backwards from its end: up to 128 such searches at once in a process, in turns, then 503 `unavailable`.',
    query: BalanceQuery,
    isExpensive: ['as_of', 'source'],
    answer: { status: 200, schema: balanceShape, description: 'The balance.' },
    refusals: [accountNotFound],
  })
  balance(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const query = queryOfRequest<BalanceQuery>(request);
    const asOf = asOfQuery(query, reader.ledgerId);
    const address = pathParameter(request, 'address');
    if (query.source === undefined)
      return this.answer(request, reply, new GetBalance(readerAsOf(reader, asOf), address, asOf));
    if (asOf !== undefined) {
      const detail = 'The journal answers the current balance: `as_of` does not go with `source=journal`.';
      throw new ApiProblem('invalid_parameter', detail, { param: '/as_of' });
    }
    return this.answer(request, reply, new GetJournalBalance(reader, address, queryContext(request)));
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/accounts/:address/entries',
    parameters: [ledgerParameter, accountParameter],
    operation: 'listAccountEntries',
    tag: 'History',
    summary: 'The statement of an account: each entry with the running balance, newest first',
    description: '`from` is inclusive, `to` exclusive; on the effective axis unless told otherwise.',
    query: EntriesQuery,
    isExpensive: ['from', 'to', 'axis'],
    answer: { status: 200, schema: accountEntryPage, description: 'A page of entries.' },
    refusals: [accountNotFound],
  })
  entries(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const window = timeWindow(queryOfRequest<EntriesQuery>(request));
    const address = pathParameter(request, 'address');
    const query = new ListAccountEntries(readerOf(request), address, window, this.page(request));
    return this.answer(request, reply, query);
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/balances',
    parameters: [ledgerParameter],
    operation: 'listSubtreeBalances',
    summary: 'Sum the balances of a subtree of accounts per currency',
    query: SubtreeBalancesQuery,
    isExpensive: true,
    answer: { status: 200, schema: subtreeBalancePage, description: 'A page of sums.' },
  })
  subtree(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { prefix = '', group_by_segments } = queryOfRequest<SubtreeBalancesQuery>(request);
    const groupBy = group_by_segments === undefined ? {} : { groupBySegments: Number(group_by_segments) };
    const query = new ListSubtreeBalances(readerOf(request), { prefix, ...groupBy }, this.page(request));
    return this.answer(request, reply, query);
  }

  @Endpoint({
    ...read,
    path: '/v1/ledgers/:ledger/trial-balance',
    parameters: [ledgerParameter],
    operation: 'getTrialBalance',
    summary: 'The trial balance: debits and credits per account and per currency',
    query: TrialBalanceQuery,
    isExpensive: true,
    answer: {
      status: 200,
      schema: trialBalanceShape,
      description: 'A page of accounts, and the totals of all.',
    },
  })
  trialBalance(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const reader = readerOf(request);
    const asOf = asOfQuery(queryOfRequest<TrialBalanceQuery>(request), reader.ledgerId);
    return this.answer(
      request,
      reply,
      new GetTrialBalance(readerAsOf(reader, asOf), asOf, this.page(request)),
    );
  }

  private page(request: ApiRequest): ReturnType<typeof pageOf> {
    return pageOf(queryOfRequest<AccountsQuery>(request));
  }

  private async answer(request: ApiRequest, reply: FastifyReply, query: object): Promise<void> {
    const answer = await this.queries.execute<object, At<object>>(query);
    sendAnswer(reply, answer, pathParameter(request, 'ledger'));
  }
}
