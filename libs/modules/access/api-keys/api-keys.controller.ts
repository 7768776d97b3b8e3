import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { IssueApiKey } from './issue-api-key.handler';
import { ListApiKeys } from './list-api-keys.handler';
import { RenewApiKey } from './renew-api-key.handler';
import { WithdrawApiKey } from './withdraw-api-key.handler';
import type { ListedApiKeyView } from '@fintech-ledger/access/domain';
import type { At } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { CommandOutcome } from '@fintech-ledger/journal';
import {
  SecurityLog,
  bodyOf,
  pathParameter,
  queryOfRequest,
  commandContext,
  principalOf,
  Endpoint,
  pageOf,
  organizationReaderOf,
  PageQuery,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { CreateApiKeyDto, RotateApiKeyDto } from './api-key.dto';
import { keyAskedFor } from './key-asked-for';
import { apiKeyParameter } from './api-key-parameter';
import { except, scopeBeyondOwn } from '@fintech-ledger/contract';
import {
  accessCommandRefusals,
  organizationNotFound,
  apiKeyAnswer,
  apiKeyPage,
  apiKeyRevokedAnswer,
  apiKeyRotatedAnswer,
  expiresInPast,
  keyOverlapSeconds,
  keySecretsMax,
} from '@fintech-ledger/access/domain';

@Controller()
export class ApiKeysController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(SecurityLog) private readonly security: SecurityLog,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/api_keys',
    operation: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an API key',
    description:
      'The answer shows the key as `key`, once: it is not kept, only its HMAC is. A replay of the same Idempotency-Key has `key: null` and `secret_shown: true`. A key gives no scope that its maker does not have. A key of a sandbox begins with `sk_test_`, any other one with `sk_live_`. From `expires_at` on it gets 401, in lines and imports that it has begun, too; elsewhere than at its `allowed_ips` it gets 403 `address_not_allowed`.',
    scope: 'keys:write',
    kind: 'command',
    body: CreateApiKeyDto,
    answer: { status: 201, schema: apiKeyAnswer, description: 'The API key, with the key itself.' },
    example: { name: 'web shop', scopes: ['ledger:read', 'ledger:write'] },
    refusals: [scopeBeyondOwn, expiresInPast],
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = keyAskedFor(bodyOf<CreateApiKeyDto>(request));
    const context = commandContext(request);
    const command = new IssueApiKey(asked, principalOf(request).environment, context);
    const outcome = await this.commands.execute<IssueApiKey, CommandOutcome>(command);
    if (outcome.kind === 'accepted' && !outcome.replayed && !context.dryRun) {
      const { id } = JSON.parse(outcome.answer) as { id: string };
      this.security.changed('key_created', request, { changed_key_id: id, scopes: asked.scopes });
    }
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
    answer: { status: 200, schema: apiKeyPage, description: 'A page of API keys.', livemodeOf: 'data' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const query = new ListApiKeys(organizationReaderOf(request), page);
    const answer = await this.queries.execute<ListApiKeys, At<Page<ListedApiKeyView>>>(query);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/api_keys/:apiKey/rotate',
    parameters: [apiKeyParameter],
    operation: 'rotateApiKey',
    tag: 'API keys',
    summary: 'Give an API key another secret',
    description:
      'The key stays, with its id, scopes and limits, and the answer shows it with its new secret as `key`, once: a ' +
      'replay of the same Idempotency-Key has `key: null` and `secret_shown: true`. The old secret opens too for ' +
      '`overlap_seconds`. Of rotations before, each secret opens until its own overlap is over, at most ' +
      `${keySecretsMax} at once; with \`overlap_seconds: 0\` the new one alone does, in every process once this is ` +
      'answered, after a second. A key rotates none that may do more than itself.',
    scope: 'keys:write',
    kind: 'command',
    body: RotateApiKeyDto,
    isBodyOptional: true,
    answer: {
      status: 200,
      schema: apiKeyRotatedAnswer,
      description: 'The API key, with the key itself.',
      livemodeOf: 'itself',
    },
    example: { overlap_seconds: 3_600 },
    refusals: except(accessCommandRefusals.RotateApiKey, organizationNotFound),
  })
  async rotate(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const apiKeyId = pathParameter(request, 'apiKey');
    const { overlap_seconds: overlapSeconds = keyOverlapSeconds } = bodyOf<RotateApiKeyDto>(request);
    const context = commandContext(request);
    const command = new RenewApiKey(apiKeyId, overlapSeconds, principalOf(request).environment, context);
    const outcome = await this.commands.execute<RenewApiKey, CommandOutcome>(command);
    if (outcome.kind === 'accepted' && !outcome.replayed && !context.dryRun)
      this.security.changed('key_rotated', request, {
        changed_key_id: apiKeyId,
        overlap_seconds: overlapSeconds,
      });
    sendOutcome(reply, outcome, context.organizationId);
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/api_keys/:apiKey/revoke',
    parameters: [apiKeyParameter],
    operation: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description:
      'Once this is answered, after a second, the key opens nothing any more, in no process, and what it had begun ' +
      '(a stream of lines, an import) goes no further. A key revokes none that may do more than itself.',
    scope: 'keys:write',
    kind: 'command',
    answer: { status: 200, schema: apiKeyRevokedAnswer, description: 'The revoked key.' },
    refusals: except(accessCommandRefusals.RevokeApiKey, organizationNotFound),
  })
  revoke(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.withdraw(request, reply);
  }

  @Endpoint({
    method: 'DELETE',
    path: '/v1/api_keys/:apiKey',
    parameters: [apiKeyParameter],
    operation: 'deleteApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'The same as POST …/revoke: the key stays in the list, revoked.',
    scope: 'keys:write',
    kind: 'command',
    answer: { status: 200, schema: apiKeyRevokedAnswer, description: 'The revoked key.' },
    refusals: except(accessCommandRefusals.RevokeApiKey, organizationNotFound),
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
    if (outcome.kind === 'accepted' && !outcome.replayed && !context.dryRun)
      this.security.changed('key_revoked', request, { changed_key_id: apiKeyId });
    sendOutcome(reply, outcome, context.organizationId);
  }
}
