import { randomBytes } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  apiKeyHmac,
  apiKeyIdBytes,
  apiKeySecretBytes,
  derivedApiKeySecret,
  formatApiKey,
  newApiKeyId,
  type CreateApiKey,
} from '@fintech-ledger/access';
import { organizationStream } from '@fintech-ledger/event-contracts';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { envelope } from '../envelope';
import { apiKeyPepperPort, commandGatewayPort, organizationQueriesPort } from '../ports';
import type { OrganizationQueries } from '../queries';
import { untilVisible } from '../until-visible';
import { IssueApiKey } from './issue-api-key';

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(organizationQueriesPort) private readonly organizations: OrganizationQueries,
    @Inject(apiKeyPepperPort) private readonly pepper: string,
  ) {}

  async execute({ name, scopes, context }: IssueApiKey): Promise<CommandOutcome> {
    const { organizationId, idempotencyKey } = context;
    const secret =
      idempotencyKey === undefined
        ? randomBytes(apiKeySecretBytes)
        : derivedApiKeySecret(this.pepper, organizationId, idempotencyKey);
    const apiKeyId = newApiKeyId(Date.now(), randomBytes(apiKeyIdBytes));
    const token = formatApiKey(apiKeyId, secret);
    const hmac = apiKeyHmac(this.pepper, token);
    const command: CreateApiKey = {
      type: 'CreateApiKey',
      apiKeyId,
      hmac,
      last4: token.slice(-4),
      name,
      scopes,
    };
    const outcome = await this.gateway.submit(envelope(organizationStream(organizationId), command, context));
    if (outcome.kind === 'refused' || context.dryRun) return outcome;
    await untilVisible(this.organizations, organizationId, outcome.revision);
    // A replay answers with the id of the first key, so the key is put together from the answer's.
    const { id } = JSON.parse(outcome.answer) as { id: string };
    return { ...outcome, answer: withKey(outcome.answer, formatApiKey(id, secret)) };
  }
}

function withKey(answer: string, key: string): string {
  return `${answer.slice(0, -1)},"key":${JSON.stringify(key)}}`;
}
