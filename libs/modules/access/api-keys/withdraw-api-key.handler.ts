import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RevokeApiKey } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { organizationQueriesPort } from '../read-model/queries';
import type { OrganizationQueries } from '../read-model/queries';
import { untilVisible } from './until-visible';

/**
 * Revokes an API key of the caller's organization. Answers with `CommandOutcome`; refusals: `api_key_not_found`,
 * `scope_beyond_own`, `api_key_revoked`.
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
    @Inject(organizationQueriesPort) private readonly organizations: OrganizationQueries,
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
    if (outcome.kind === 'accepted' && !context.dryRun) {
      await untilVisible(this.organizations, context.organizationId, outcome.revision);
    }
    return outcome;
  }
}
