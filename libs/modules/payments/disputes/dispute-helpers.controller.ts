import { sandboxKeyRequired } from '@fintech-ledger/access/domain';
import { except } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import { ApiProblem, bodyOf, Endpoint, isDryRun, pathParameter } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { ownCommand } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';
import { disputeAnswer, disputeNotFound, paymentCommandRefusals } from '@fintech-ledger/payments/domain';
import type { DisputeView } from '@fintech-ledger/payments/domain';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PaymentsLedgers } from '../ledger/payments-ledgers';
import { actsAlone } from '../payments/connected-account';
import { PaymentWriter } from '../payments/payment-writer';
import { simulatorControlsPort } from '../rails/simulator/simulator-controls';
import type { SimulatorControls } from '../rails/simulator/simulator-controls';
import { sandboxOf } from '../test-helpers/sandbox-of';
import { DisputeWriter } from './dispute-writer';
import { disputeParameter, ResolveDisputeDto } from './dispute.dto';

interface Answered {
  readonly answer: string;
}

@Controller()
export class DisputeHelpersController {
  constructor(
    @Inject(simulatorControlsPort) private readonly simulator: SimulatorControls,
    @Inject(PaymentsLedgers) private readonly ledgers: PaymentsLedgers,
    @Inject(PaymentWriter) private readonly payments: PaymentWriter,
    @Inject(DisputeWriter) private readonly writer: DisputeWriter,
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
  ) {}

  @Endpoint({
    method: 'POST',
    tag: 'Test helpers',
    path: '/v1/test_helpers/disputes/:dispute/resolve',
    parameters: [disputeParameter],
    operation: 'resolveDispute',
    summary: 'Decide a dispute',
    description: 'As the bank would that judges it, with evidence or without.',
    scope: 'payments:write',
    kind: 'command',
    body: ResolveDisputeDto,
    answer: { status: 200, schema: disputeAnswer, description: 'The dispute.' },
    example: { outcome: 'won' },
    refusals: [
      sandboxKeyRequired,
      ...except(paymentCommandRefusals.ResolveDispute, disputeNotFound),
      ...actsAlone,
    ],
  })
  async resolve(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const environment = sandboxOf(request);
    const disputeId = pathParameter(request, 'dispute');
    const { outcome } = bodyOf<ResolveDisputeDto>(request);
    const command = { type: 'ResolveDispute', disputeId, outcome } as const;
    // What is refused, or was answered before, does nothing at the rail.
    const tried = await this.payments.outcome(request, command, { dryRun: true });
    const isOver = tried.outcome.kind === 'refused' || tried.outcome.replayed;
    if (isOver || isDryRun(request)) return this.writer.send(request, reply, tried);
    const at = await this.ledgers.timeOf(environment, request.id);
    // Not opened: when it was submitted is known of what was erased, too.
    const { evidence, payment } = JSON.parse((tried.outcome as Answered).answer) as DisputeView;
    await this.expectDecision(request, environment, disputeId);
    const answeredAt = evidence?.submitted_at ?? null;
    const decided = await this.simulator.closeDispute({ answeredAt, at, environment, outcome, payment });
    return this.writer.write(request, reply, { ...command, outcome: decided ?? outcome });
  }

  /** Should this process die once the simulator has decided it, the one that comes next asks it. */
  private async expectDecision(request: ApiRequest, environment: string, disputeId: string): Promise<void> {
    const ledger = await this.ledgers.of(environment, request.id);
    if ('kind' in ledger) throw ApiProblem.ofRefusal(ledger.refusal, []);
    const expected = ownCommand(environment, { type: 'ExpectDisputeDecision', disputeId }, request.id);
    await this.gateway.submit({ ...expected, stream: journalStream(ledger.id) });
  }
}
