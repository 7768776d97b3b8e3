import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  clockAnswer,
  clockCommandRefusals,
  clockShape,
  organizationNotFound,
} from '@fintech-ledger/access/domain';
import { except, parseTime } from '@fintech-ledger/contract';
import {
  bodyOf,
  commandContext,
  Endpoint,
  organizationReaderOf,
  principalOf,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { sourceWaits } from '@fintech-ledger/projection-runtime';
import { AdvanceClockDto, FreezeClockDto } from './clock.dto';
import { AskClock, SetClock } from './set-clock.handler';

const path = '/v1/clock';
const tag = 'Sandboxes';

@Controller()
export class SandboxClockController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Endpoint({
    method: 'GET',
    path,
    operation: 'getClock',
    tag,
    summary: 'Get the clock of the sandbox',
    description:
      'Until it is set it goes as real time does. While it is advanced it says how far it has come.',
    scope: 'organization:read',
    kind: 'read',
    answer: { status: 200, schema: clockShape, description: 'The clock.' },
    refusals: except(clockCommandRefusals.ReadClock, organizationNotFound),
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { minRevision } = organizationReaderOf(request);
    const { organizationId, apiKeyId: actor } = principalOf(request);
    const query = new AskClock({ organizationId, actor, dryRun: false, correlationId: request.id });
    const outcome = await sourceWaits.until(
      () => this.commands.execute<AskClock, CommandOutcome>(query),
      (said) => (said.kind === 'refused' ? Infinity : said.revision),
      { owner: organizationId, revision: minRevision, what: 'The organization has' },
    );
    if (outcome.kind === 'refused') sendOutcome(reply, outcome, organizationId);
    else
      sendAnswer(reply, { result: JSON.parse(outcome.answer), revision: outcome.revision }, organizationId);
  }

  @Endpoint({
    method: 'PUT',
    path,
    operation: 'freezeClock',
    tag,
    summary: 'Freeze the clock of the sandbox',
    description:
      'From now on it is this time in the sandbox: for `created_at`, `effective_at` and what falls due. ' +
      '`recorded_at` stays real time. What is due by then is run as soon as its ledger gets to it; `advance` runs ' +
      'it in order and answers when it is done.',
    scope: 'organization:admin',
    kind: 'command',
    body: FreezeClockDto,
    answer: { status: 200, schema: clockAnswer, description: 'The clock.' },
    example: { time: '2026-02-01T00:00:00.000Z' },
    refusals: except(clockCommandRefusals.FreezeClock, organizationNotFound),
  })
  freeze(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const time = timeIn(bodyOf<FreezeClockDto>(request).time);
    return this.set(request, reply, { type: 'FreezeClock', time });
  }

  @Endpoint({
    method: 'POST',
    path: `${path}/advance`,
    operation: 'advanceClock',
    tag,
    summary: 'Advance the clock of the sandbox',
    description:
      'Runs all that falls due until then, each at its own time and in order, in all ledgers of the sandbox, and ' +
      'answers when it is done. What becomes due on the way is among it. A frozen clock stands there afterwards, ' +
      'another one goes on from there. At most 2 calendar years, and 100,000 due items: where there are more, it ' +
      'stops, and `time` of the problem says where. A request that was cut off is repeated with its ' +
      '`Idempotency-Key`, and waits for the same advance.',
    scope: 'organization:admin',
    kind: 'command',
    body: AdvanceClockDto,
    answer: { status: 200, schema: clockAnswer, description: 'The clock, where it was to go.' },
    example: { to: '2026-03-01T00:00:00.000Z' },
    refusals: except(clockCommandRefusals.AdvanceClock, organizationNotFound),
  })
  advance(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const to = timeIn(bodyOf<AdvanceClockDto>(request).to);
    return this.set(request, reply, { type: 'AdvanceClock', to });
  }

  @Endpoint({
    method: 'DELETE',
    path,
    operation: 'releaseClock',
    tag,
    summary: 'Let the clock of the sandbox go on',
    description: 'From where it stands: it stays as far from real time as it is now.',
    scope: 'organization:admin',
    kind: 'command',
    answer: { status: 200, schema: clockAnswer, description: 'The clock.' },
    refusals: except(clockCommandRefusals.ReleaseClock, organizationNotFound),
  })
  release(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.set(request, reply, { type: 'ReleaseClock' });
  }

  private async set(request: ApiRequest, reply: FastifyReply, command: SetClock['command']): Promise<void> {
    const context = commandContext(request);
    const outcome = await this.commands.execute<SetClock, CommandOutcome>(new SetClock(command, context));
    sendOutcome(reply, outcome, context.organizationId);
  }
}

/** It was checked before. */
const timeIn = (text: string): string => parseTime(text) ?? text;
