import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import type { Environment } from '@fintech-ledger/http';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { apiKeySecretBytes, operatorsScope, scopeBeyond } from '@fintech-ledger/access/domain';
import type { CreateApiKey, KeyMode } from '@fintech-ledger/access/domain';
import { refused, scopeBeyondOwn } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import { randomBytes } from 'node:crypto';
import { apiKeyPepperPort } from '../read-model/queries';
import { newApiKey } from './new-api-key';
import { withMembers } from './with-members';

/**
 * Makes an API key. Answers with `CommandOutcome`, whose answer holds the key itself as `key`: shown to its creator
 * once, kept nowhere. A replay has null in its place, and `secret_shown`; a dry run shows none.
 */
export class IssueApiKey {
  constructor(
    readonly asked: Pick<CreateApiKey, 'name' | 'scopes' | 'expiresAt' | 'allowedIps'>,
    readonly environment: Environment,
    readonly context: CommandContext,
  ) {}
}

interface ApiKeyIssuer {
  readonly gateway: CommandGateway;
  /** Keys the HMACs of API keys. */
  readonly pepper: string;
}

/** Carries out `IssueApiKey`: the key can be used, because who does not know a key looks for it. */
export async function issueApiKey(
  { gateway, pepper }: ApiKeyIssuer,
  { asked: { name, scopes, ...limits }, environment, context }: IssueApiKey,
): Promise<CommandOutcome> {
  const { organizationId } = context;
  const beyond =
    (context.scopes === undefined ? undefined : scopeBeyond(context.scopes, scopes)) ??
    (environment === 'operator' ? undefined : operatorsScope(scopes));
  if (beyond !== undefined) {
    const detail = `The API key lacks the scope ${beyond}, so it can't give it.`;
    return refused(scopeBeyondOwn, detail, '/scopes', { missing_scope: beyond });
  }
  const { token, command } = newApiKey(
    pepper,
    randomBytes(apiKeySecretBytes),
    name,
    scopes,
    modeOf(environment),
  );
  const outcome = await gateway.submit(
    envelope(organizationStream(organizationId), { ...command, ...limits }, context),
  );
  if (outcome.kind === 'refused') return outcome;
  // Another id: the key was made by an earlier request, and its secret is known to whoever got that answer.
  const { id } = JSON.parse(outcome.answer) as { id: string };
  if (id !== command.apiKeyId)
    return { ...outcome, answer: withMembers(outcome.answer, { key: null, secret_shown: true }) };
  if (context.dryRun) return outcome;
  return { ...outcome, answer: withMembers(outcome.answer, { key: token }) };
}

export const modeOf = (environment: Environment): KeyMode => (environment === 'sandbox' ? 'test' : 'live');

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) readonly gateway: CommandGateway,
    @Inject(apiKeyPepperPort) readonly pepper: string,
  ) {}

  execute(command: IssueApiKey): Promise<CommandOutcome> {
    return issueApiKey(this, command);
  }
}
