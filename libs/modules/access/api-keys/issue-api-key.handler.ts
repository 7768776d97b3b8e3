import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { apiKeyPepperPort, organizationQueriesPort } from '../read-model/queries';
import type { OrganizationQueries } from '../read-model/queries';
import { IssueApiKey, issueApiKey } from './issue-api-key';

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) readonly gateway: CommandGateway,
    @Inject(organizationQueriesPort) readonly organizations: OrganizationQueries,
    @Inject(apiKeyPepperPort) readonly pepper: string,
  ) {}

  execute(command: IssueApiKey): Promise<CommandOutcome> {
    return issueApiKey(this, command);
  }
}
