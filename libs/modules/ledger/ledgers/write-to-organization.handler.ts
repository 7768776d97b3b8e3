import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { organizationStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import type { CreateLedger, DeclareUnit } from '@fintech-ledger/ledger/domain';
import type { LedgerView } from '@fintech-ledger/access/domain';
import { LedgerDirectory } from './ledger-directory';

/** Hands a command to the writer of the caller's organization. Answers with `CommandOutcome`. */
export class WriteToOrganization {
  constructor(
    readonly command: CreateLedger | DeclareUnit,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(WriteToOrganization)
export class WriteToOrganizationHandler implements ICommandHandler<WriteToOrganization, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
  ) {}

  async execute({ command, context }: WriteToOrganization): Promise<CommandOutcome> {
    const { organizationId, dryRun, trial } = context;
    const gateway = trial ?? this.gateway;
    const outcome = await gateway.submit(envelope(organizationStream(organizationId), command, context));
    if (command.type === 'CreateLedger' && outcome.kind === 'accepted' && !dryRun && !trial) {
      // Its creator may use it at once, before the read models have seen it.
      const { id, managed } = JSON.parse(outcome.answer) as Pick<LedgerView, 'id' | 'managed'>;
      this.directory.remember(id, { organizationId, managed });
    }
    return outcome;
  }
}
