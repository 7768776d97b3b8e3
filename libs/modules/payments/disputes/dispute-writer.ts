import { principalOf, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { PaymentCommand } from '@fintech-ledger/payments/domain';
import type { PersonalValues } from '@fintech-ledger/privacy';
import type { FastifyReply } from 'fastify';
import type { LedgerOutcome } from '../ledger/ledger-commands';
import type { PaymentWriter } from '../payments/payment-writer';

/** Hands commands about disputes to the writer; what is personal in their answers, and in refusals, is opened. */
export class DisputeWriter {
  constructor(
    private readonly writer: PaymentWriter,
    private readonly values: PersonalValues,
  ) {}

  async write(request: ApiRequest, reply: FastifyReply, command: PaymentCommand): Promise<void> {
    await this.send(request, reply, await this.writer.outcome(request, command));
  }

  async send(request: ApiRequest, reply: FastifyReply, { outcome, owner }: LedgerOutcome): Promise<void> {
    const { organizationId } = principalOf(request);
    sendOutcome(reply, await this.values.openOutcome(organizationId, outcome), owner);
  }
}
