import { messageOf } from '@fintech-ledger/contract';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { Pause } from '@fintech-ledger/projection-runtime';
import { instruments } from '@fintech-ledger/telemetry';
import type { AuditKeys } from '../keys/audit-keys';
import { deliverHeads, selectTargets } from './deliver-heads';
import type { HeadTarget } from './head-target';
import { setTimeout as delay } from 'node:timers/promises';
import { contradictionsNamed, publicationPollMs, stopGraceMs } from './limits';
import { cleanHeads, selectContradictions, signHeads } from './sign-heads';

export interface HeadPublisherOptions {
  /** With the read models on their live sides. */
  readonly db: Database;
  readonly keys: Pick<AuditKeys, 'signing'>;
  readonly targets: readonly HeadTarget[];
  readonly everySeconds: number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How often it looks whether there is something to do. */
  readonly pollMs?: number;
  /** Ends the connections of the targets. */
  readonly close?: () => Promise<void>;
}

/**
 * Signs the heads of all ledgers again and again, and gives them to its targets. Any number of processes may do it:
 * what was signed, and what each target has, is in the database.
 */
export class HeadPublisher {
  private readonly pause = new Pause();
  private running: Promise<void> | undefined;
  private failing: string | undefined;

  constructor(private readonly options: HeadPublisherOptions) {}

  start(): void {
    if (this.options.targets.length > 0) this.running ??= this.run();
  }

  /** What is being sent is ended soon, and sent again by the next process. */
  async stop(): Promise<void> {
    this.pause.end();
    const grace = new AbortController();
    const waited = delay(stopGraceMs, undefined, { signal: grace.signal }).catch(() => undefined);
    await Promise.race([this.running, waited]);
    grace.abort();
    await this.options.close?.();
    await this.running;
  }

  /** Why heads are not published as they should be; undefined: they are. Sets the gauges of the targets. */
  async health(): Promise<string | undefined> {
    const { db, targets, everySeconds } = this.options;
    if (targets.length === 0) return undefined;
    const states = await selectTargets(
      db,
      targets.map(({ name }) => name),
    );
    const late: string[] = [];
    for (const { kind, name } of targets) {
      const state = states.find(({ target }) => target === name);
      if (state === undefined) continue;
      const { age_seconds: age, failure } = state;
      instruments.publishedHeadAgeSeconds.record(age, { target: kind });
      if (age > 2 * everySeconds + lateSeconds)
        late.push(
          `the ${kind} does not have all heads since ${Math.round(age)} s: ${failure ?? 'nobody sends them'}`,
        );
    }
    const contradictions = await selectContradictions(db);
    instruments.publishedHeadContradictions.record(contradictions.length);
    const rewritten = contradictions
      .slice(0, contradictionsNamed)
      .map(({ ledgerId, reason }) => `${ledgerId} was rewritten or shortened: ${reason}`);
    const reasons = [...rewritten, ...late, ...(this.failing === undefined ? [] : [this.failing])];
    return reasons.length === 0 ? undefined : `Tree heads: ${reasons.join('; ')}.`;
  }

  private async run(): Promise<void> {
    while (!this.pause.isEnded) {
      try {
        await this.sign();
        const more = await Promise.all(this.options.targets.map((target) => this.deliver(target)));
        this.failing = undefined;
        if (more.some(Boolean)) continue;
      } catch (error) {
        const reason = messageOf(error);
        if (this.failing !== reason)
          this.options.log.warn({ reason }, 'tree heads can not be signed or sent');
        this.failing = reason;
      }
      await this.pause.forMs(this.options.pollMs ?? publicationPollMs);
    }
  }

  private async sign(): Promise<void> {
    const { db, keys, everySeconds, targets, log } = this.options;
    const known = await selectContradictions(db);
    const found = await signHeads(db, keys, everySeconds);
    if (found === undefined) return;
    for (const { ledgerId: ledger, reason } of found)
      if (!known.some(({ ledgerId }) => ledgerId === ledger))
        log.error({ ledger, reason }, 'a ledger does not begin with what was published of it');
    await cleanHeads(
      db,
      targets.map(({ name }) => name),
    );
  }

  /** @returns whether there may be more for it at once */
  private async deliver(target: HeadTarget): Promise<boolean> {
    if (this.pause.isEnded) return false;
    const delivered = await deliverHeads(this.options.db, target);
    if (delivered === undefined) return false;
    const { heads, failure } = delivered;
    const labels = { target: target.kind, outcome: failure === undefined ? 'published' : 'failed' };
    instruments.publishedHeads.add(heads, labels);
    if (failure === undefined) return true;
    this.options.log.warn(
      { target: target.name, failure, heads },
      'tree heads were not taken; they are sent again',
    );
    return false;
  }
}

/** So long after two rounds a target is late. */
const lateSeconds = 60;
