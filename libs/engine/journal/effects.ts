import { messageOf, nextPause } from '@fintech-ledger/contract';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from './actors';
import type { AwaitedOutcome, Batch } from './batch';
import type { DomainEvent, DomainRecord } from './domain';
import type { EffectRunner, IntendedEffect } from './effect';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { inTime } from './in-time';
import type { WriterObserver } from './observer';
import { keyedByUs, ownKeyMark } from './own-commands';
import { Waiters } from './waiters';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';

/**
 * Puts what the events of a command intend outside into the batch that they are in, to be done once that is stored, and
 * the calls that end with them. Gives the call that the command waits for.
 */
export function noteOutside<C, E extends DomainEvent, R extends DomainRecord>(
  { domain, effects }: Pick<WriterDependencies<C, E, R>, 'domain' | 'effects'>,
  batch: Batch<C, R>,
  { command, correlationId, organizationId, stream }: CommandEnvelope<C>,
  events: readonly E[],
  from: number,
): AwaitedOutcome | undefined {
  const { deferral } = domain;
  for (const [index, event] of events.entries()) {
    if (effects && domain.effectsOf)
      for (const { kind, key, attempt, data, module } of domain.effectsOf(event))
        (batch.effects ??= []).push({ kind, key, attempt, data, module, stream, organizationId });
    const call = deferral?.ended(event);
    if (call) (batch.ended ??= []).push({ ...call, event, revision: from + index });
  }
  const awaited = deferral?.awaited(command, events);
  const revision = from + events.length - 1;
  return awaited && { ...awaited, events, revision, isReplay: false, correlationId };
}

/** The effects of events that one writer has stored. Those that are too many, or that fail, are left to what is due. */
export class Effects<C> {
  private readonly waiting: IntendedEffect[] = [];
  private readonly stopping = new AbortController();
  private running = 0;
  private readonly waiters = new Waiters();
  /** How many were given to it. */
  begun = 0;

  constructor(
    private readonly runner: EffectRunner<C>,
    private readonly submit: (envelope: CommandEnvelope<C>) => Promise<CommandOutcome>,
    private readonly observer: Pick<WriterObserver, 'effectFailed' | 'effectRecorded'>,
    private readonly limits: Pick<
      JournalLimits,
      'effectsRunningMax' | 'effectsWaitingMax' | 'effectSubmitsMax' | 'effectMsMax'
    >,
  ) {
    // Each that runs listens; more is no leak.
    setMaxListeners(limits.effectsRunningMax, this.stopping.signal);
  }

  /** Their events are stored. */
  start(effects: readonly IntendedEffect[]): void {
    this.begun += effects.length;
    for (const effect of effects) {
      if (this.waiting.length < this.limits.effectsWaitingMax) this.waiting.push(effect);
      else this.observer.effectFailed(effect, 'too many wait');
    }
    this.goOn();
  }

  /** Resolves when none runs and none waits, or the time is over. @param endAt by `performance.now()` */
  settled(endAt: number): Promise<void> {
    return this.waiters.until(() => this.running + this.waiting.length === 0, endAt);
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
        this.waiters.wake();
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
      // A runner that goes on all the same keeps neither the writer nor a timer.
      const work = Promise.race([this.runner.run(effect, ended.signal), whenAborted(ended.signal)]);
      return await inTime(work, performance.now() + effectMsMax, () => {
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

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('it was given up')), { once: true }),
  );
}
