import { clockConfirmationShape } from './clock-shape';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { apiLogPort, principalOf, Endpoint, noteMade, sendJson } from '@fintech-ledger/http';
import type { ApiLog, ApiRequest } from '@fintech-ledger/http';
import { confirmClockPort } from '../ports';
import type { ConfirmClock } from '../ports';

@Controller()
export class ClockController {
  constructor(
    @Inject(confirmClockPort) private readonly confirm: ConfirmClock,
    @Inject(apiLogPort) private readonly log: ApiLog,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/clock_confirmations',
    operation: 'confirmClock',
    tag: 'Operations',
    summary: 'Say that the clock is right',
    description:
      'After a jump of more than an hour that no independent clock confirms, or when events are dated ahead of the clock, commands are refused until the clock is set right, or somebody says that it is right. Compare it with another one first: times of events are for ever. Writers take note within seconds.',
    scope: 'ops:write',
    kind: 'plain',
    answer: { status: 201, schema: clockConfirmationShape, description: 'It is noted.' },
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { apiKeyId } = principalOf(request);
    const { id, confirmedAt } = await this.confirm(apiKeyId);
    this.log.warn({ api_key: apiKeyId, request_id: request.id }, 'an operator confirmed the clock');
    noteMade(request, 'clock_confirmation', id);
    void reply.code(201);
    sendJson(reply, { object: 'clock_confirmation', id, confirmed_at: confirmedAt });
  }
}
