import { journalStream } from '@fintech-ledger/envelope';
import { ApiProblem, bodyOf, Endpoint, pathParameter, sendJson } from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import { keyedByUs, ownCommand, ownKeyMark } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';
import { actionNotFound, payerActionShape } from '@fintech-ledger/payments/domain';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PaymentsLedgers } from '../ledger/payments-ledgers';
import { simulatorControlsPort } from '../rails/simulator/simulator-controls';
import type { OpenAction, SimulatorControls } from '../rails/simulator/simulator-controls';
import { noSuchPage, pagePolicy, returnUrl, simulatorPage, simulatorScript } from './simulator-page';
import { CompleteActionDto } from './test-helpers.dto';

const detail = 'There is no such page.';
const token: PathParameter = {
  name: 'token',
  description: 'What nobody can guess: it stands in `next_action.redirect_to_url.url`.',
  pattern: /^[A-Za-z0-9_-]{1,64}$/,
  refusal: actionNotFound,
  detail,
};

/** Where payers of sandboxes are sent to: whoever knows the token may act. */
@Controller()
export class SimulatorPageController {
  constructor(
    @Inject(simulatorControlsPort) private readonly simulator: SimulatorControls,
    @Inject(PaymentsLedgers) private readonly ledgers: PaymentsLedgers,
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
  ) {}

  @Get('/simulator/actions.js')
  script(@Res() reply: FastifyReply): void {
    void reply.header('content-type', 'text/javascript; charset=utf-8').send(simulatorScript);
  }

  @Get('/simulator/actions/:token')
  async page(@Param('token') given: string, @Res() reply: FastifyReply): Promise<void> {
    const action = await this.find(given);
    void reply
      .code(action === undefined ? 404 : 200)
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .send(action === undefined ? noSuchPage() : simulatorPage(action));
  }

  @Endpoint({
    method: 'POST',
    path: '/simulator/actions/:token',
    parameters: [token],
    operation: 'actOnSimulatorPage',
    tag: 'Test helpers',
    summary: 'Act at the page of the simulator',
    description: 'What its buttons do. The first time counts.',
    scope: null,
    kind: 'plain',
    body: CompleteActionDto,
    answer: { status: 200, schema: payerActionShape, description: 'What it came to.' },
    example: { outcome: 'succeeded' },
  })
  async act(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const given = pathParameter(request, 'token');
    const action = await this.find(given);
    if (action === undefined) throw new ApiProblem(actionNotFound, detail);
    const { environment, payment } = action;
    const { outcome: wanted } = bodyOf<CompleteActionDto>(request);
    const at = await this.ledgers.timeOf(environment, request.id);
    const done = await this.simulator.complete(environment, { token: given }, wanted, at);
    if (done === undefined) throw new ApiProblem(actionNotFound, detail);
    const ledger = await this.ledgers.of(environment, request.id);
    if ('kind' in ledger) throw ApiProblem.ofRefusal(ledger.refusal, []);
    const paymentId = payment.payment;
    const command = { type: 'RecordPayerAction', paymentId, ...done };
    // What the payment has become meanwhile is its own: then this is refused, and nothing is booked by it.
    await this.gateway.submit({
      ...ownCommand(environment, command, request.id),
      ...keyedByUs(['payer action', given].join(ownKeyMark)),
      stream: journalStream(ledger.id),
    });
    const outcome = done.outcome.kind === 'declined' ? 'failed' : 'succeeded';
    const return_url = returnUrl(payment, outcome);
    sendJson(reply, { object: 'payer_action', payment: paymentId, outcome, return_url });
  }

  private async find(given: string): Promise<OpenAction | undefined> {
    return token.pattern.test(given) ? this.simulator.action(given) : undefined;
  }
}
