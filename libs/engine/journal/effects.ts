import { messageOf, nextPause } from '@fintech-ledger/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from './actors';
import type { Batch } from './batch';
import type { DomainEvent, DomainRecord } from './domain';
import type { EffectRunner, IntendedEffect } from './effect';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { inTime } from './in-time';
import type { WriterObserver } from './observer';
import { keyedByUs, ownKeyMark } from './own-commands';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';

/** Puts what the events of a command intend into the batch that they are in: it is done once that is stored. */
export function intend<C, E extends DomainEvent, R extends DomainRecord>(
  { domain, effects }: Pick<WriterDependencies<C, E, R>, 'domain' | 'effects'>,
  batch: Batch<C, R>,
  events: readonly E[],
  { stream, organizationId }: CommandEnvelope<C>,
): void {
  if (effects === undefined || domain.effectsOf === undefined) return;
  for (const event of events)
    for (const effect of domain.effectsOf(event))
      (batch.effects ??= []).push({ ...effect, stream, organizationId });
}

/** The effects of events that one writer has stored. Those that are too many, or that fail, are left to what is due. */
export class Effects<C> {
  private readonly waiting: IntendedEffect[] = [];
  private readonly stopping = new AbortController();
  private running = 0;

  constructor(
    private readonly runner: EffectRunner<C>,
    private readonly submit: (envelope: CommandEnvelope<C>) => Promise<CommandOutcome>,
    private readonly observer: Pick<WriterObserver, 'effectFailed' | 'effectRecorded'>,
    private readonly limits: Pick<
      JournalLimits,
      'effectsRunningMax' | 'effectsWaitingMax' | 'effectSubmitsMax' | 'effectMsMax'
    >,
  ) {}

  /** Their events are stored. */
  start(effects: readonly IntendedEffect[]): void {
    for (const effect of effects) {
      if (this.waiting.length < this.limits.effectsWaitingMax) this.waiting.push(effect);
      else this.observer.effectFailed(effect, 'too many wait');
    }
    this.goOn();
  }

  /** Nothing is begun any more, and no outcome is recorded. */
  stop(): void {
    this.waiting.length = 0;
    this.stopping.abort();
  }

  private goOn(): void {
    while (this.running < this.limits.effectsRunningMax) {
      const effect = this.waiting.shift();
      if (effect === undefined) return;
      this.running += 1;
      void this.see(effect).finally(() => {
        this.running -= 1;
        this.goOn();
      });
    }
  }

  private async see(effect: IntendedEffect): Promise<void> {
    const { signal } = this.stopping;
    try {
      const command = await this.run(effect);
      if (command !== undefined && !signal.aborted) await this.record(effect, command);
      else if (!signal.aborted) this.observer.effectFailed(effect, 'nothing is known');
    } catch (error) {
      if (!signal.aborted) this.observer.effectFailed(effect, messageOf(error));
    }
  }

  /** @throws Error it failed, or takes too long */
  private async run(effect: IntendedEffect): Promise<C | undefined> {
    const { signal } = this.stopping;
    const ended = new AbortController();
    const end = (): void => ended.abort();
    signal.addEventListener('abort', end);
    const { effectMsMax } = this.limits;
    try {
      return await inTime(this.runner.run(effect, ended.signal), performance.now() + effectMsMax, () => {
        end();
        return new Error(`it takes more than ${effectMsMax} ms`);
      });
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** @throws Error it is refused, or could not be submitted */
  private async record(effect: IntendedEffect, command: C): Promise<void> {
    const outcome = await this.submitted(outcomeEnvelope(effect, command));
    if (outcome?.kind === 'accepted') this.observer.effectRecorded(effect);
    if (outcome?.kind !== 'refused') return;
    const { code, detail } = outcome.refusal;
    throw new Error(`what came of it was refused, ${code}: ${detail}`);
  }

  /** Undefined: this writer has ended. */
  private async submitted(envelope: CommandEnvelope<C>): Promise<CommandOutcome | undefined> {
    let pauseMs = 0;
    for (let submits = 1; !this.stopping.signal.aborted; submits += 1) {
      try {
        return await this.submit(envelope);
      } catch (error) {
        if (submits >= this.limits.effectSubmitsMax) throw error;
      }
      pauseMs = nextPause(pauseMs, 100, 5_000);
      await sleep(pauseMs, undefined, { ref: false });
    }
    return undefined;
  }
}

/** The same key each time, and no other effect's: it is recorded once. */
function outcomeEnvelope<C>(
  { stream, organizationId, module, kind, key, attempt }: IntendedEffect,
  command: C,
): CommandEnvelope<C> {
  return {
    stream,
    organizationId,
    actor: systemActor,
    command,
    isOutcome: true,
    ...keyedByUs(['effect', module, kind, key, attempt].join(ownKeyMark)),
    correlationId: `effect:${module}:${kind}:${key}:${attempt}`,
  };
}
