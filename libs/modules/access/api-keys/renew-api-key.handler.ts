import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { secretMark } from '@fintech-ledger/access/domain';
import type { RotateApiKey } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { apiKeyDirectoryPort } from '@fintech-ledger/http';
import type { ApiKeyDirectory, Environment } from '@fintech-ledger/http';
import { envelope } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { apiKeyPepperPort } from '../read-model/queries';
import { modeOf } from './issue-api-key.handler';
import { newSecret } from './new-api-key';
import { untilEnded } from './until-ended';
import { withMembers } from './with-members';

/**
 * Gives an API key of the caller's organization another secret. Answers with `CommandOutcome`, whose answer holds the
 * key itself as `key`, once, as that of `IssueApiKey` does. Where secrets of before end at once it resolves when they
 * open nothing in any process.
 */
export class RenewApiKey {
  constructor(
    readonly apiKeyId: string,
    readonly overlapSeconds: number,
    readonly environment: Environment,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RenewApiKey)
export class RenewApiKeyHandler implements ICommandHandler<RenewApiKey, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(apiKeyPepperPort) private readonly pepper: string,
    @Inject(apiKeyDirectoryPort) private readonly keys: Pick<ApiKeyDirectory, 'refresh'>,
  ) {}

  async execute({ apiKeyId, overlapSeconds, environment, context }: RenewApiKey): Promise<CommandOutcome> {
    const { scopes, organizationId } = context;
    const { token, hmac, last4 } = newSecret(this.pepper, apiKeyId, modeOf(environment));
    const command: RotateApiKey = {
      type: 'RotateApiKey',
      apiKeyId,
      hmac,
      last4,
      overlapSeconds,
      ...(scopes === undefined ? {} : { scopes }),
    };
    const outcome = await this.gateway.submit(envelope(organizationStream(organizationId), command, context));
    if (outcome.kind === 'refused') return outcome;
    const { secret, ...view } = JSON.parse(outcome.answer) as { readonly secret: string };
    const answer = JSON.stringify(view);
    // A dry run is answered of a secret that nobody gets.
    if (context.dryRun && !outcome.replayed) return { ...outcome, answer };
    if (overlapSeconds === 0) await untilEnded(this.keys);
    // Another one: it was made by an earlier request, and is known to whoever got that answer.
    const isOurs = secret === secretMark(hmac);
    const members = isOurs ? { key: token } : { key: null, secret_shown: true };
    return { ...outcome, answer: withMembers(answer, members) };
  }
}
