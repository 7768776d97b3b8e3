import type { BankCommand, BankEvent } from '@fintech-ledger/bank/domain';
import { commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { LedgerCommands, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { PersonalValues, SubjectRequests } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import type { FastifyReply } from 'fastify';
import { bankPart } from '../bank-part';

/** Hands commands about bank accounts to the writer of the environment's payments ledger. */
export class BankWriter {
  private readonly commands: LedgerCommands<BankCommand, BankEvent>;
  private readonly requests: SubjectRequests;
  private readonly values: PersonalValues;

  constructor(gateway: CommandGateway, ledgers: PaymentsLedgers, keys: SubjectKeys) {
    this.commands = new LedgerCommands(gateway, ledgers, bankPart);
    this.requests = new SubjectRequests(keys, 'bank_line');
    this.values = new PersonalValues(keys);
  }

  /** What is personal in the answer is opened. */
  async write(request: ApiRequest, reply: FastifyReply, command: BankCommand): Promise<void> {
    refuseConnectedAccount(request);
    const context = commandContext(request);
    const { outcome, owner } = await this.submit(command, context);
    sendOutcome(reply, await this.values.openOutcome(context.organizationId, outcome), owner);
  }

  /** The line's key is destroyed once that is recorded. @throws ApiProblem 503: it is not destroyed yet */
  async erase(request: ApiRequest, reply: FastifyReply, lineId: string): Promise<void> {
    refuseConnectedAccount(request);
    const context = commandContext(request);
    const { outcome, owner } = await this.submit({ type: 'EraseBankLine', lineId }, context);
    const id = `sub_${lineId.slice('bsl_'.length)}`;
    await this.requests.erased(id, outcome, context);
    const erased = { id, key: null };
    sendOutcome(reply, await this.values.openOutcome(context.organizationId, outcome, erased), owner);
  }

  submit(command: BankCommand, context: CommandContext): Promise<LedgerOutcome> {
    return this.commands.submit(command, context);
  }
}
