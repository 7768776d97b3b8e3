import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RevokeApiKey } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { apiKeyDirectoryPort } from '@fintech-ledger/http';
import type { ApiKeyDirectory } from '@fintech-ledger/http';
import { untilEnded } from './until-ended';

/**
 * Revokes an API key of the caller's organization. Answers with `CommandOutcome`; refusals: `api_key_not_found`,
 * `scope_beyond_own`, `api_key_revoked`. Resolves when the key opens nothing in any process: all of them know, or
 * refuse commands, after `apiKeyFreshMs`.
 */
export class WithdrawApiKey {
  constructor(
    readonly apiKeyId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(WithdrawApiKey)
export class WithdrawApiKeyHandler implements ICommandHandler<WithdrawApiKey, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(apiKeyDirectoryPort) private readonly keys: Pick<ApiKeyDirectory, 'refresh'>,
  ) {}

  async execute({ apiKeyId, context }: WithdrawApiKey): Promise<CommandOutcome> {
    const { scopes } = context;
    const command: RevokeApiKey = {
      type: 'RevokeApiKey',
      apiKeyId,
      ...(scopes === undefined ? {} : { scopes }),
    };
    const stream = organizationStream(context.organizationId);
    const outcome = await this.gateway.submit(envelope(stream, command, context));
    if (outcome.kind === 'accepted' && !context.dryRun) await untilEnded(this.keys);
    return outcome;
  }
}
