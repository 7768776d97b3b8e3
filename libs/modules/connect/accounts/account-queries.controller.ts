import { connectedAccountPage, connectedAccountShape } from '@fintech-ledger/connect/domain';
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
import { historyPage } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConnectedAccountAsOfQuery, ConnectedAccountsQuery } from './account.dto';
import { AccountReads } from './account-reads';
import { accountParameter } from './account-rules';

const read = {
  method: 'GET',
  tag: 'Connected accounts',
  scope: 'connect:read',
  kind: 'read',
  refusals: actsAlone,
} as const;
const one = { path: '/v1/connected_accounts/:account', parameters: [accountParameter] };

@Controller()
export class AccountQueriesController {
  constructor(@Inject(AccountReads) private readonly reads: AccountReads) {}

  @Endpoint({
    ...read,
    path: '/v1/connected_accounts',
    operation: 'listConnectedAccounts',
    summary: 'List connected accounts, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: ConnectedAccountsQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: connectedAccountPage, description: 'A page of connected accounts.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<ConnectedAccountsQuery>(request);
    const { metadata, status, type } = query;
    const filter = {
      ...windowMs(query),
      ...(metadata !== undefined && { metadata }),
      ...(status !== undefined && { status }),
      ...(type !== undefined && { type }),
    };
    const answer = await this.reads.accounts(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getConnectedAccount',
    summary: 'Get a connected account',
    query: ConnectedAccountAsOfQuery,
    answer: { status: 200, schema: connectedAccountShape, description: 'The connected account.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.account(request, pathParameter(request, 'account'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getConnectedAccountHistory',
    summary: 'List what happened to a connected account, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'account'), page);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
