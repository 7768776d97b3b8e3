import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { clockTooFar } from '@fintech-ledger/access/domain';
import type {
  AdvanceClock,
  ClockAdvanceRecord,
  ClockView,
  FreezeClock,
  ReadClock,
  ReleaseClock,
} from '@fintech-ledger/access/domain';
import { nextPause, Places, refused } from '@fintech-ledger/contract';
import { organizationStream, recordedMsOf } from '@fintech-ledger/envelope';
import type { EventStore, Revision } from '@fintech-ledger/event-store';
import { apiKeyDirectoryPort } from '@fintech-ledger/http';
import type { Acknowledged, ApiKeyDirectory } from '@fintech-ledger/http';
import { envelope, ownCommand, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome, DueStreamsOf } from '@fintech-ledger/journal';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import { DueItems } from './due-items';
import { dueStreamsPort } from '../read-model/queries';
import { ledgersOf } from './ledgers-of';
import * as limits from './limits';

/**
 * Sets the clock of the caller's sandbox. Answers with `CommandOutcome`, once every process knows it, or refuses
 * commands of the sandbox until it does; an advance, when what falls due is done. Refusals: `sandbox_key_required`,
 * `clock_advancing`, `clock_moved_back`, `clock_too_far`.
 */
export class SetClock {
  constructor(
    readonly command: FreezeClock | AdvanceClock | ReleaseClock,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(SetClock)
export class SetClockHandler implements ICommandHandler<SetClock, CommandOutcome> {
  private readonly items: DueItems;

  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(apiKeyDirectoryPort) private readonly keys: Pick<ApiKeyDirectory, 'untilKnownEverywhere'>,
    @Inject(acknowledgedPort) private readonly acknowledged: Acknowledged,
    @Inject(eventStorePort) private readonly store: Pick<EventStore, 'readStream'>,
    @Inject(dueStreamsPort) due: DueStreamsOf,
  ) {
    this.items = new DueItems({ gateway, eventStore: store, due });
  }

  async execute({ command, context }: SetClock): Promise<CommandOutcome> {
    const stream = organizationStream(context.organizationId);
    const tooMany = command.type === 'AdvanceClock' ? await this.whyTooMany(command, context) : undefined;
    if (tooMany !== undefined) return tooMany;
    const outcome = await this.gateway.submit(envelope(stream, command, context));
    if (outcome.kind === 'refused') return outcome;
    const { advance, ...clock } = JSON.parse(outcome.answer) as { readonly advance?: string };
    const answered = { ...outcome, answer: JSON.stringify(clock) };
    if (context.dryRun && !outcome.replayed) return answered;
    const stopped = advance === undefined ? undefined : await this.whyTooFar(advance, context);
    await Promise.all([
      advance === undefined ? undefined : this.noteRan(context.organizationId, outcome.revision),
      this.keys.untilKnownEverywhere(),
    ]);
    return stopped ?? answered;
  }

  /**
   * A refusal: an advance can't run all that is due. It is counted before the advance begins, which is recorded under
   * its idempotency key. One that is refused anyway, or was begun before, is not counted.
   */
  private async whyTooMany(
    command: AdvanceClock,
    context: CommandContext,
  ): Promise<CommandOutcome | undefined> {
    const { organizationId, correlationId } = context;
    const stream = organizationStream(organizationId);
    const tried = await this.gateway.submit(envelope(stream, command, { ...context, dryRun: true }));
    if (tried.kind === 'refused' || tried.replayed) return undefined;
    const { to } = command;
    const { streams } = await this.items.survey(organizationId, to, true);
    if (!(await this.items.areTooMany(streams, to))) return undefined;
    const asked = await this.gateway.submit(ownCommand(organizationId, { type: 'ReadClock' }, correlationId));
    if (asked.kind === 'refused') return asked;
    return tooFar((JSON.parse(asked.answer) as ClockView).time, to);
  }

  /**
   * What fell due was run by nobody's command: what is read after the answer shows it all the same.
   * @param begunAt the revision at which the advance began. What was recorded some time before it is noted, too: it may
   * be of one before it, whose answer nobody got.
   */
  private async noteRan(organizationId: string, begunAt: Revision): Promise<void> {
    const { ledgers, organizations } = this.acknowledged;
    const options = { from: begunAt, limit: 1 };
    const [begun] = await this.store.readStream(organizationStream(organizationId), options);
    const sinceMs = begun === undefined ? 0 : recordedMsOf(begun.metadata) - limits.waitMsMax;
    const places = new Places(limits.headsAtOnce);
    const ids = await ledgersOf(this.store, organizationId);
    await Promise.all([
      organizations.noteHead(organizationId, organizationId, sinceMs),
      ...ids.map((id) => places.use(() => ledgers.noteHead(id, organizationId, sinceMs))),
    ]);
  }

  /** Waits until an advance has ended; a refusal: it has not come to where it was to go. */
  private async whyTooFar(
    advanceId: string,
    { organizationId, correlationId }: CommandContext,
  ): Promise<CommandOutcome | undefined> {
    const endAt = performance.now() + limits.waitMsMax;
    for (let pauseMs = 0; performance.now() < endAt;) {
      const asked = ownCommand(organizationId, { type: 'ReadClockAdvance', advanceId }, correlationId);
      const outcome = await this.gateway.submit(asked).catch(unlessUnavailable);
      const record =
        outcome?.kind === 'accepted' ? (JSON.parse(outcome.answer) as ClockAdvanceRecord | null) : null;
      if (record?.hasEnded === true) {
        const { at, to, ran } = record.advance;
        if (at === to) return undefined;
        return tooFar(at, to, ran);
      }
      pauseMs = nextPause(pauseMs, limits.lookMsFirst, limits.lookMsLast);
      await sleep(pauseMs);
    }
    throw new WriterUnavailable('the clock is still being moved: repeat the request to wait for it', 1);
  }
}

function tooFar(at: string, to: string, ran = 0): CommandOutcome {
  const detail =
    ran === 0
      ? `More falls due until ${to} than one advance runs: nothing was done, and it is still ${at}.`
      : `${ran} items were run: the clock stands at ${at}, and can be advanced again from there.`;
  return refused(clockTooFar, detail, '/to', { time: at });
}

function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof WriterUnavailable)) throw error;
}

/** What time is it in the caller's sandbox? Answers with `CommandOutcome`; refusal: `sandbox_key_required`. */
export class AskClock {
  constructor(readonly context: CommandContext) {}
}

@CommandHandler(AskClock)
export class AskClockHandler implements ICommandHandler<AskClock, CommandOutcome> {
  constructor(@Inject(commandGatewayPort) private readonly gateway: CommandGateway) {}

  execute({ context }: AskClock): Promise<CommandOutcome> {
    const command: ReadClock = { type: 'ReadClock' };
    return this.gateway.submit(envelope(organizationStream(context.organizationId), command, context));
  }
}
