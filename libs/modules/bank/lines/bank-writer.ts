import type { BankCommand, BankEvent } from '@fintech-ledger/bank/domain';
import { commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { LedgerCommands, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import type { PersonalValues } from '@fintech-ledger/privacy';
import type { FastifyReply } from 'fastify';
import { bankPart } from '../bank-part';

/** Hands commands about bank accounts to the writer of the environment's payments ledger. */
export class BankWriter {
  private readonly commands: LedgerCommands<BankCommand, BankEvent>;

  constructor(
    gateway: CommandGateway,
    ledgers: PaymentsLedgers,
    private readonly values: PersonalValues,
  ) {
    this.commands = new LedgerCommands(gateway, ledgers, bankPart);
  }

  /** What is personal in the answer is opened. */
  async write(request: ApiRequest, reply: FastifyReply, command: BankCommand): Promise<LedgerOutcome> {
    refuseConnectedAccount(request);
    const context = commandContext(request);
    const { outcome, owner } = await this.submit(command, context);
    const opened = await this.values.openOutcome(context.organizationId, outcome);
    sendOutcome(reply, opened, owner);
    return { outcome: opened, owner };
  }

  submit(command: BankCommand, context: CommandContext): Promise<LedgerOutcome> {
    return this.commands.submit(command, context);
  }
}
