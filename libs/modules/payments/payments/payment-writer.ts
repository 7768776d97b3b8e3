import { commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { PaymentCommand, PaymentEvent } from '@fintech-ledger/payments/domain';
import type { FastifyReply } from 'fastify';
import { LedgerCommands } from '../ledger/ledger-commands';
import type { LedgerOutcome } from '../ledger/ledger-commands';
import type { PaymentsLedgers } from '../ledger/payments-ledgers';
import { paymentsPart } from '../payments-part';
import { refuseConnectedAccount } from './connected-account';
import type { Acting } from './connected-account';

/** Hands commands to the writer of the environment's payments ledger, and their outcomes to clients. */
export class PaymentWriter {
  private readonly commands: LedgerCommands<PaymentCommand, PaymentEvent>;

  constructor(gateway: CommandGateway, ledgers: PaymentsLedgers) {
    this.commands = new LedgerCommands(gateway, ledgers, paymentsPart);
  }

  async write(request: ApiRequest, reply: FastifyReply, command: PaymentCommand): Promise<void> {
    const { outcome, owner } = await this.outcome(request, command);
    sendOutcome(reply, outcome, owner);
  }

  /** The same of a command that judges whom the request acts as, which is a part of the request. */
  async writeAs(
    request: ApiRequest,
    reply: FastifyReply,
    command: PaymentCommand,
    { actsAs }: Acting,
  ): Promise<void> {
    const context =
      actsAs === undefined
        ? commandContext(request)
        : commandContext(request, { body: request.body ?? null, connectedAccount: actsAs });
    const { outcome, owner } = await this.commands.submit(command, context);
    sendOutcome(reply, outcome, owner);
  }

  /** @param more what is otherwise than the request says */
  async outcome(
    request: ApiRequest,
    command: PaymentCommand,
    more: { readonly dryRun?: boolean } = {},
  ): Promise<LedgerOutcome> {
    refuseConnectedAccount(request);
    return this.commands.submit(command, { ...commandContext(request), ...more });
  }
}
