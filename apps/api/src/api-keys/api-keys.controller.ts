import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { scopeBeyond } from '@fintech-ledger/access';
import { IssueApiKey, ListApiKeys, WithdrawApiKey } from '@fintech-ledger/application';
import type { ApiKeyView, At, Page } from '@fintech-ledger/application';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { Authenticator } from '../authentication/authenticator';
import { lacks } from '../authentication/check-scope';
import { bodyOf, pathParameter, queryOfRequest } from '../http/api-request';
import type { ApiRequest } from '../http/api-request';
import { commandContext, principalOf } from '../http/command-context';
import { Endpoint } from '../http/endpoint';
import { pageOf } from '../http/page-request';
import { organizationReaderOf } from '../http/position';
import { PageQuery } from '../http/query-dtos';
import { sendAnswer } from '../http/send-answer';
import { sendOutcome } from '../http/send-outcome';
import { CreateApiKeyDto } from './api-key.dto';

@Controller()
export class ApiKeysController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/api_keys',
    operation: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an API key',
    description:
      'The answer shows the key as `key`. It is not kept, only its HMAC is. A replay of the same Idempotency-Key shows the same key again: treat such a key as a secret. A key gives no scope that its maker does not have.',
    scope: 'keys:write',
    kind: 'command',
    body: CreateApiKeyDto,
    answer: { status: 201, schema: 'ApiKeyAnswer', description: 'The API key, with the key itself.' },
    example: { name: 'web shop', scopes: ['ledger:read', 'ledger:write'] },
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name, scopes } = bodyOf<CreateApiKeyDto>(request);
    const context = commandContext(request);
    const beyond = scopeBeyond(principalOf(request).scopes, scopes);
    if (beyond !== undefined) throw lacks(beyond);
    const command = new IssueApiKey(name, scopes, context);
    const outcome = await this.commands.execute<IssueApiKey, CommandOutcome>(command);
    void reply.header('Cache-Control', 'no-store');
    sendOutcome(reply, outcome, context.organizationId);
  }

  @Endpoint({
    method: 'GET',
    path: '/v1/api_keys',
    operation: 'listApiKeys',
    tag: 'API keys',
    summary: 'List the API keys, newest first',
    scope: 'keys:read',
    kind: 'read',
    query: PageQuery,
    answer: { status: 200, schema: 'ApiKeyPage', description: 'A page of API keys.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const query = new ListApiKeys(organizationReaderOf(request), page);
    const answer = await this.queries.execute<ListApiKeys, At<Page<ApiKeyView>>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/api_keys/:apiKey/revoke',
    operation: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'It stops working everywhere within a second.',
    scope: 'keys:write',
    kind: 'command',
    answer: { status: 200, schema: 'ApiKeyRevokedAnswer', description: 'The revoked key.' },
    refusals: ['api_key_not_found', 'api_key_revoked'],
  })
  revoke(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.withdraw(request, reply);
  }

  @Endpoint({
    method: 'DELETE',
    path: '/v1/api_keys/:apiKey',
    operation: 'deleteApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'The same as POST …/revoke: the key stays in the list, revoked.',
    scope: 'keys:write',
    kind: 'command',
    answer: { status: 200, schema: 'ApiKeyRevokedAnswer', description: 'The revoked key.' },
    refusals: ['api_key_not_found', 'api_key_revoked'],
  })
  delete(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.withdraw(request, reply);
  }

  private async withdraw(request: ApiRequest, reply: FastifyReply): Promise<void> {
    const apiKeyId = pathParameter(request, 'apiKey');
    const context = commandContext(request);
    const outcome = await this.commands.execute<WithdrawApiKey, CommandOutcome>(
      new WithdrawApiKey(apiKeyId, context),
    );
    if (outcome.kind === 'accepted' && !context.dryRun) this.authenticator.revoked(apiKeyId);
    sendOutcome(reply, outcome, context.organizationId);
  }
}
