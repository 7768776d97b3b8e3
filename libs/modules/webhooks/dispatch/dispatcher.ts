import type { PublicEventRegistry } from '@fintech-ledger/events';
import { withDeadline } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { OutboundClient } from '@fintech-ledger/outbound';
import type { Database } from '@fintech-ledger/postgres';
import { PersonalValues, postgresSubjectKeys } from '@fintech-ledger/privacy';
import { NewsWatch } from '../outbox/news-watch';
import { Sequencer } from '../outbox/sequencer';
import { Replayer } from '../replays/replayer';
import { disableEndpoints } from './disable-endpoints';
import { Loop } from './loop';
import { Claimant, freeClaims } from './claimant';
import { deleteOfDeleted, deleteOldAttempts, deleteReplacedHeaders } from './clean-up';
import { observeQueue } from './observe-queue';
import { Sender } from './sender';
import { skipBacklogs } from './skip-backlogs';

export interface DispatcherOptions {
  readonly db: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
  readonly gateway: Pick<CommandGateway, 'submit'>;
  readonly client: Pick<OutboundClient, 'deliver' | 'close'>;
  readonly pepper: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Attempts a second that an endpoint gets, over all processes. */
  readonly endpointRate: number;
  /** Days for which attempts are kept. */
  readonly attemptDays: number;
  readonly nowMs?: () => number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** Messages of replays that have an outcome before it is looked what else they are to send. */
const replayedMax = 100;
/** Between two looks at the queue as a whole, and at what is to be deleted. */
const cleanUpMs = 15_000;
const dayMs = 86_400_000;
const closeMsMax = 5_000;

/**
 * Makes messages of public events and sends them. Several processes may do so: each endpoint and each message is
 * claimed by one.
 */
export class Dispatcher {
  private readonly sequencer: Sequencer;
  private readonly replayer: Replayer;
  private readonly sender: Sender;
  private readonly nowMs: () => number;
  private readonly loops: Readonly<Record<'make' | 'sweep' | 'replay' | 'send' | 'upkeep', Loop>>;
  private readonly claimant: Claimant;
  private readonly news: NewsWatch;
  private cleanedMs = -Infinity;
  private replayed = 0;

  constructor(private readonly options: DispatcherOptions) {
    this.nowMs = options.nowMs ?? (() => Date.now());
    this.claimant = new Claimant(options.db);
    this.sender = new Sender({
      ...options,
      claimant: this.claimant,
      values: new PersonalValues(postgresSubjectKeys(options.db, options.pepper, options.store)),
      nowMs: this.nowMs,
      random: options.random ?? Math.random,
      onRoom: () => this.loops.send.wake(),
      onReplayed: () => this.onReplayed(),
    });
    this.news = new NewsWatch({
      db: options.db,
      onNews: () => {
        this.loops.make.wake();
        this.loops.sweep.wake();
      },
      isWanted: () => this.sequencer.isWanted,
      onWork: () => {
        this.loops.replay.wake();
        this.loops.send.wake();
      },
    });
    const made = (): void => this.loops.send.wake();
    this.sequencer = new Sequencer({ ...options, nowMs: this.nowMs, made });
    this.replayer = new Replayer({ ...options, nowMs: this.nowMs, made });
    const { log } = options;
    const loop = (what: string, round: (signal: AbortSignal) => Promise<boolean>, most: number): Loop =>
      new Loop({ what, round, restMs: [100, most], log });
    this.loops = {
      make: loop('messages are made', (signal) => this.make(signal), 1_000),
      sweep: loop('messages are looked for', (signal) => this.sweep(signal), 1_000),
      replay: loop('replays go on', (signal) => this.replayer.run(signal), 2_000),
      send: loop('messages are sent', () => this.sender.claim(), 1_000),
      upkeep: loop('endpoints are looked after', () => this.upkeep(), 2_000),
    };
  }

  start(): void {
    for (const loop of Object.values(this.loops)) loop.start();
  }

  /** Why nothing is sent at the moment. */
  health(): string | undefined {
    const reason = Object.values(this.loops).find(({ failing }) => failing !== undefined)?.failing;
    return reason === undefined ? undefined : `Webhooks can not be sent: ${reason}.`;
  }

  underWay(): Readonly<Record<string, number>> {
    return { messages: this.sender.count };
  }

  /** Waits a while for what is under way; what has no outcome by then is sent again by who comes next. */
  async close(withinMs = closeMsMax): Promise<void> {
    this.sender.stop();
    await Promise.all(Object.values(this.loops).map((loop) => loop.stop()));
    const late = (): Error => new Error('messages are still under way');
    await withDeadline(this.settled(), Math.min(withinMs, closeMsMax), late).catch(() => undefined);
    await this.sender.abandon();
    await Promise.all([this.claimant.close(), this.news.close()]);
    await this.options.client.close();
  }

  /** Everything that is under way has an outcome. */
  settled(): Promise<void> {
    return this.sender.settled();
  }

  /** One round of everything, and begins to send what is due. @returns whether there may be more at once */
  async turn(): Promise<boolean> {
    const isMore = (await this.sequencer.run()).length > 0;
    await this.upkeep();
    const isReplaying = await this.replayer.run();
    return (await this.sender.claim()) || isMore || isReplaying;
  }

  private async make(signal: AbortSignal): Promise<boolean> {
    const more = await this.sequencer.run(await this.news.told(), signal);
    this.news.add(more);
    return more.length > 0;
  }

  /** Beside what was told, which it is not to keep waiting: over many streams and endpoints it takes a second. */
  private async sweep(signal: AbortSignal): Promise<boolean> {
    if (!(await this.news.isSweepDue())) return false;
    const more = await this.sequencer.run('anywhere', signal);
    this.news.add(more);
    if (more !== 'anywhere') this.loops.make.wake();
    return more === 'anywhere';
  }

  private async upkeep(): Promise<boolean> {
    const { db, gateway, store } = this.options;
    await disableEndpoints(db, gateway);
    await skipBacklogs(db);
    const isFreed = await freeClaims(db, this.claimant);
    if (isFreed) this.loops.send.wake();
    if (performance.now() - this.cleanedMs < cleanUpMs) return false;
    await observeQueue(db, this.nowMs());
    await deleteOfDeleted(db);
    await deleteReplacedHeaders(db, store);
    const isMore = await deleteOldAttempts(db, this.nowMs() - this.options.attemptDays * dayMs);
    if (!isMore) this.cleanedMs = performance.now();
    return isMore;
  }

  private onReplayed(): void {
    this.replayed += 1;
    if (this.replayed % replayedMax === 0) this.loops.replay.wake();
  }
}
