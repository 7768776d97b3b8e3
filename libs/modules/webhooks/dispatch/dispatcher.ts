import { messageOf } from '@fintech-ledger/contract';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { withDeadline } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { OutboundClient } from '@fintech-ledger/outbound';
import type { Database } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';
import { Sequencer } from '../outbox/sequencer';
import { claimMessages, findDue, releaseMessages } from './claim-messages';
import type { ClaimedMessage, DueEndpoint } from './claim-messages';
import { disableEndpoints } from './disable-endpoints';
import { recordAttempt } from './record-attempt';
import { sendMessage } from './send-message';
import { skipBacklogs } from './skip-backlogs';

export interface DispatcherOptions {
  readonly db: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
  readonly gateway: Pick<CommandGateway, 'submit'>;
  readonly client: Pick<OutboundClient, 'deliver' | 'close'>;
  readonly pepper: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly nowMs?: () => number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** Messages that one process sends at once. */
const inFlightMax = 200;
/** Longer than an attempt takes: after that another process sends what this one claimed. */
const claimMs = 30_000;
/** Between two looks; shorter when an attempt has ended. */
const pollMs = 250;
/** New events are looked for no more often, however many attempts end. */
const sequenceMs = 100;
const failedMs = 1_000;
const closeMsMax = 5_000;

/**
 * Makes messages of public events and sends them. Several processes may do so: each endpoint and each message is
 * claimed by one.
 */
export class Dispatcher {
  private readonly sequencer: Sequencer;
  private readonly sending = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly nowMs: () => number;
  private running: Promise<void> | undefined;
  private wake = (): void => undefined;
  private sequencedAt = -Infinity;
  private isAbandoned = false;
  private failing: string | undefined;

  constructor(private readonly options: DispatcherOptions) {
    this.nowMs = options.nowMs ?? (() => Date.now());
    this.sequencer = new Sequencer({ ...options, nowMs: this.nowMs });
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Why nothing is sent at the moment. */
  health(): string | undefined {
    return this.failing;
  }

  underWay(): Readonly<Record<string, number>> {
    return { messages: this.sending.size };
  }

  /** Waits a while for what is under way; what has no outcome by then is sent again by who comes next. */
  async close(withinMs = closeMsMax): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    const late = (): Error => new Error('messages are still under way');
    await withDeadline(this.settled(), Math.min(withinMs, closeMsMax), late).catch(() => undefined);
    this.isAbandoned = true;
    await releaseMessages(this.options.db, [...this.sending.keys()]).catch(() => undefined);
    await this.options.client.close();
  }

  /** Everything that is under way has an outcome. */
  async settled(): Promise<void> {
    while (this.sending.size > 0) await Promise.all(this.sending.values());
  }

  /** One round: makes what is new, and begins to send what is due. @returns whether there may be more at once */
  async turn(): Promise<boolean> {
    const { db, gateway } = this.options;
    const isMore = await this.sequencer.run(this.stopping.signal);
    await disableEndpoints(db, gateway);
    await skipBacklogs(db);
    return (await this.claim()) || isMore;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let pauseMs = pollMs;
      try {
        const isTime = performance.now() - this.sequencedAt >= sequenceMs;
        if (isTime) this.sequencedAt = performance.now();
        const isMore = isTime ? await this.turn() : await this.claim();
        if (isMore) pauseMs = 0;
        if (this.failing !== undefined) this.options.log.info('webhooks are sent again');
        this.failing = undefined;
      } catch (error) {
        const reason = messageOf(error);
        if (this.failing === undefined)
          this.options.log.warn({ reason }, 'webhooks can not be sent; it is tried again');
        this.failing = `Webhooks can not be sent: ${reason}.`;
        pauseMs = failedMs;
      }
      if (pauseMs > 0) await this.rest(pauseMs);
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }

  /** @returns whether something was claimed, so that there may be more */
  private async claim(): Promise<boolean> {
    const { db } = this.options;
    let isAny = false;
    for (const due of await findDue(db, this.nowMs())) {
      const free = inFlightMax - this.sending.size;
      if (free <= 0 || this.stopping.signal.aborted) return false;
      const now = this.nowMs();
      const claimed = await claimMessages(db, due, free, now, now + claimMs);
      for (const message of claimed) this.begin(due, message);
      isAny ||= claimed.length > 0;
    }
    return isAny;
  }

  private begin(due: DueEndpoint, message: ClaimedMessage): void {
    const sent = this.send(due, message)
      .catch((error: unknown) => {
        const facts = { endpoint: due.endpoint.id, message: message.id, reason: messageOf(error) };
        this.options.log.warn(facts, 'what became of a webhook could not be kept; it is sent again');
      })
      .finally(() => {
        this.sending.delete(message.id);
        this.wake();
      });
    this.sending.set(message.id, sent);
  }

  private async send(due: DueEndpoint, message: ClaimedMessage): Promise<void> {
    const { db, client, pepper, random = Math.random } = this.options;
    const startedMs = this.nowMs();
    const outcome = await sendMessage(client, pepper, due, message, startedMs);
    if (this.isAbandoned) return;
    const ended = { due, message, startedMs, endedMs: this.nowMs(), outcome, random: random() };
    const after = await recordAttempt(db, ended);
    instruments.webhookAttempts.add(1, { outcome: after.kind });
  }
}
