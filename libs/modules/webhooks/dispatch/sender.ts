import { messageOf } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import { AttemptLog } from './attempt-log';
import { claimMessages, releaseMessages } from './claim-messages';
import type { ClaimedMessage, Room } from './claim-messages';
import { changedQueues } from './changed-queues';
import { EndpointQueue } from './endpoint-queue';
import { findDue } from './find-due';
import type { DueEndpoint } from './find-due';
import { isSuccess } from './next-attempt';
import { sendMessage } from './send-message';
import type { SenderOptions } from './sender-options';
import { skipBacklogs } from './skip-backlogs';

/**
 * Messages that one process sends at once; of those, what replays send; and those that it has claimed and not begun to
 * send. So many are under way because endpoints that hang, ten messages each, are not to keep others waiting.
 */
const [inFlightMax, replaysInFlightMax, waitingMax] = [1_000, 500, 4_000];
/** Longer than an attempt takes: after that another process sends what this one claimed. */
const claimMs = 30_000;
/** Endpoints that are claimed for at once. */
const claimsMax = 2;
/** Endpoints of which nothing is claimed are remembered, for how fast they are, up to so many. */
const queuesMax = 200;

/** Claims messages that are due, and sends them. */
export class Sender {
  private readonly queues = new Map<string, EndpointQueue>();
  /** By message, its end. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly givenBack = new Set<Promise<void>>();
  private replayedUnderWay = 0;
  /** Queues that have something to send, while this process sends as much as it may; and as much of replays. */
  private readonly heldUp = new Set<EndpointQueue>();
  private readonly replaysHeldUp = new Set<EndpointQueue>();
  private readonly attempts: AttemptLog;
  private isStopping = false;
  private isAbandoned = false;

  constructor(private readonly options: SenderOptions) {
    this.attempts = new AttemptLog(options.db, options.claimant.number);
  }

  get count(): number {
    return this.underWay.size;
  }

  /** Claims for each endpoint that has something to be sent. @returns whether something was claimed */
  async claim(): Promise<boolean> {
    const { db, claimant, nowMs } = this.options;
    await claimant.held();
    this.forgetIdle();
    // What was claimed of them is claimed again as they are now, and not at all of those that were deleted.
    for (const queue of await changedQueues(db, this.queues)) this.giveBack(queue);
    const all = [...(await findDue(db, nowMs()))];
    // One that is enabled here may have been so only since the upkeep skipped backlogs.
    if (all.some(({ isSkipping }) => isSkipping)) await skipBacklogs(db);
    let isAny = false;
    const next = async (): Promise<void> => {
      for (let due = all.shift(); due !== undefined; due = all.shift())
        isAny = (await this.claimFor(due)) || isAny;
    };
    await Promise.all(Array.from({ length: claimsMax }, next));
    return isAny;
  }

  /** Everything that is under way has an outcome. */
  async settled(): Promise<void> {
    while (this.underWay.size + this.givenBack.size > 0)
      await Promise.all([...this.underWay.values(), ...this.givenBack]);
  }

  /** Begins nothing any more. */
  stop(): void {
    this.isStopping = true;
  }

  /** Gives up what is under way: another process sends it again. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    const { db } = this.options;
    for (const [id, queue] of this.queues) {
      const ids = queue.takeOut().map((message) => message.id);
      if (ids.length > 0) await releaseMessages(db, id, ids, this.claims).catch(() => undefined);
    }
    await releaseMessages(db, '', [...this.underWay.keys()], this.claims).catch(() => undefined);
  }

  private async claimFor(due: DueEndpoint): Promise<boolean> {
    const { db, nowMs } = this.options;
    const queue = this.queueOf(due);
    const room = this.roomOf(queue);
    if (this.isStopping || (room.live <= 0 && room.replayed <= 0)) return false;
    const now = nowMs();
    const by = { ...this.claims, room, nowMs: now, untilMs: now + claimMs };
    const claimed = await claimMessages(db, due, by);
    // What is under way is sent again by nobody here, though a crash of Postgres freed its claim.
    queue.add(
      claimed.filter(({ id }) => !this.underWay.has(id)),
      now,
    );
    if (this.isStopping) this.giveBack(queue);
    else this.begin(queue);
    return claimed.length > 0;
  }

  private get claims() {
    const { claimant, endpointRate } = this.options;
    return { claimant: claimant.number, perSecond: endpointRate };
  }

  private roomOf(queue: EndpointQueue): Room {
    let waiting = 0;
    for (const one of this.queues.values()) waiting += one.waits;
    if (waiting >= waitingMax || !this.hasRoom()) return { live: 0, replayed: 0 };
    const { live, replayed } = queue.room(performance.now());
    return { live, replayed: this.hasRoomForReplays() ? replayed : 0 };
  }

  private queueOf(due: DueEndpoint): EndpointQueue {
    const { id } = due.endpoint;
    const queue = this.queues.get(id) ?? new EndpointQueue(due);
    // As it is now: its address, secrets and headers may have changed.
    queue.due = due;
    this.queues.set(id, queue);
    return queue;
  }

  private forgetIdle(): void {
    if (this.queues.size <= queuesMax) return;
    for (const [id, queue] of this.queues) if (queue.isIdle) this.queues.delete(id);
  }

  /** Sends what may be sent now. */
  private begin(queue: EndpointQueue): void {
    if (this.isStopping || queue.isStale(this.options.nowMs())) return this.giveBack(queue);
    while (this.hasRoom()) {
      const message = queue.next(this.hasRoomForReplays());
      if (message === undefined) break;
      this.track(queue, message);
    }
    if (queue.waits === 0) return;
    if (!this.hasRoom()) this.heldUp.add(queue);
    else if (!this.hasRoomForReplays()) this.replaysHeldUp.add(queue);
  }

  private hasRoom(): boolean {
    return this.underWay.size < inFlightMax;
  }
  private hasRoomForReplays(): boolean {
    return this.hasRoom() && this.replayedUnderWay < replaysInFlightMax;
  }

  /** One that is held up again is so because there is no more room. */
  private beginAll(held: Set<EndpointQueue>, hasRoom: () => boolean): void {
    for (const queue of held) {
      if (!hasRoom()) return;
      held.delete(queue);
      this.begin(queue);
    }
  }

  private track(queue: EndpointQueue, message: ClaimedMessage): void {
    if (message.replayId !== null) this.replayedUnderWay += 1;
    const end = this.send(queue, message)
      .catch((error: unknown) => {
        const facts = { endpoint: queue.due.endpoint.id, message: message.id, reason: messageOf(error) };
        this.options.log.warn(facts, 'what became of a webhook could not be kept; it is sent again');
      })
      .finally(() => this.ended(queue, message));
    this.underWay.set(message.id, end);
  }

  private ended(queue: EndpointQueue, message: ClaimedMessage): void {
    queue.kept(message);
    this.underWay.delete(message.id);
    if (message.replayId !== null) {
      this.replayedUnderWay -= 1;
      this.options.onReplayed();
    }
    this.beginAll(this.heldUp, () => this.hasRoom());
    this.beginAll(this.replaysHeldUp, () => this.hasRoomForReplays());
    this.begin(queue);
    if (queue.isIdle || queue.wantsMore(performance.now())) this.options.onRoom();
  }

  private async send(queue: EndpointQueue, message: ClaimedMessage): Promise<void> {
    const { random, nowMs } = this.options;
    const { due } = queue;
    const startedMs = nowMs();
    const outcome = await sendMessage(this.options, due, message, startedMs).catch((error: unknown) => {
      this.answered(queue, message, false);
      throw error;
    });
    if (this.isAbandoned) return;
    const isOk = isSuccess(outcome);
    const kept = this.attempts.keep({ due, message, startedMs, endedMs: nowMs(), outcome, random: random() });
    this.answered(queue, message, isOk);
    const after = await kept;
    instruments.webhookAttempts.add(1, { outcome: after.kind });
    if (isOk && message.replayId === null && !message.isTest)
      instruments.webhookDeliverySeconds.record((startedMs + outcome.ms - message.eventMs) / 1_000);
  }

  private answered(queue: EndpointQueue, message: ClaimedMessage, isOk: boolean): void {
    queue.sent(message, isOk, performance.now());
    // What waits behind one that failed waits for the next claim, which knows how the endpoint is.
    if (isOk) this.begin(queue);
    else this.giveBack(queue);
  }

  private giveBack(queue: EndpointQueue): void {
    const ids = queue.takeOut().map(({ id }) => id);
    if (ids.length === 0) return;
    const { db, log, onRoom } = this.options;
    const done = releaseMessages(db, queue.due.endpoint.id, ids, this.claims)
      .catch((error: unknown) =>
        log.warn(
          { reason: messageOf(error) },
          'webhooks could not be given back; they are sent a little later',
        ),
      )
      .finally(() => {
        this.givenBack.delete(done);
        onRoom();
      });
    this.givenBack.add(done);
  }
}
