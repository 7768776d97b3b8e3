import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { organizationStream } from '@fintech-ledger/envelope';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { envelope } from '@fintech-ledger/journal';
import { LedgerDirectory } from './ledger-directory';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { WriteToOrganization } from './write-to-organization';

@CommandHandler(WriteToOrganization)
export class WriteToOrganizationHandler implements ICommandHandler<WriteToOrganization, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
  ) {}

  async execute({ command, context }: WriteToOrganization): Promise<CommandOutcome> {
    const { organizationId, dryRun } = context;
    const outcome = await this.gateway.submit(envelope(organizationStream(organizationId), command, context));
    if (command.type === 'CreateLedger' && outcome.kind === 'accepted' && !dryRun) {
      // Its creator may use it at once, before the read models have seen it.
      this.directory.remember(organizationId, (JSON.parse(outcome.answer) as { id: string }).id);
    }
    return outcome;
  }
}
