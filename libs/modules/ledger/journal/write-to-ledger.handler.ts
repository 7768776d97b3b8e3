import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { journalStream } from '@fintech-ledger/envelope';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { refuse } from '@fintech-ledger/contract';
import { envelope } from '@fintech-ledger/journal';
import { LedgerDirectory } from '../ledgers/ledger-directory';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { UnitUse } from '../ledgers/unit-use';
import { withRights } from './with-rights';
import { WriteToLedger } from './write-to-ledger';
import { ledgerNotFound } from '../ledgers/ledger-parameter';

@CommandHandler(WriteToLedger)
export class WriteToLedgerHandler implements ICommandHandler<WriteToLedger, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(UnitUse) private readonly units: UnitUse,
  ) {}

  execute(write: WriteToLedger): Promise<CommandOutcome> {
    // The hot path: one promise, the gateway's own.
    return this.directory.isKnown(write.context.organizationId, write.ledgerId) === true
      ? this.submit(write)
      : this.find(write);
  }

  private async find(write: WriteToLedger): Promise<CommandOutcome> {
    if (await this.directory.belongs(write.context.organizationId, write.ledgerId)) return this.submit(write);
    return { kind: 'refused', refusal: refuse(ledgerNotFound, `There is no ledger ${write.ledgerId}.`) };
  }

  private submit({ ledgerId, command, context }: WriteToLedger): Promise<CommandOutcome> {
    const enveloped = envelope(journalStream(ledgerId), withRights(command, context.scopes), context);
    return command.type === 'OpenAccount'
      ? this.units.openAccount(enveloped, command.currency, context.allowsWithdrawnCurrencies)
      : this.gateway.submit(enveloped);
  }
}
