import { endpointInFlightMax, replayInFlightMax } from './claim-messages';
import type { ClaimedMessage, Room } from './claim-messages';
import type { DueEndpoint } from './find-due';

/** Messages of one endpoint that were answered, and whose outcome is not kept yet, with those that are under way. */
const unkeptMax = 50;
/** Messages that are claimed at once: as many as were sent lately, within these. */
const [batchMin, batchMax] = [endpointInFlightMax, 200];
const latelyMs = 500;
/** A message that has waited for longer is given back, so that no attempt lasts longer than its claim. */
const waitMsMax = 5_000;

type Lane = keyof Room;
interface Waiting {
  readonly message: ClaimedMessage;
  readonly claimedMs: number;
}
const lanes = ['live', 'replayed'] as const satisfies readonly Lane[];
const inFlightMax: Room = { live: endpointInFlightMax, replayed: replayInFlightMax };
const laneOf = ({ replayId }: ClaimedMessage): Lane => (replayId === null ? 'live' : 'replayed');

/**
 * What this process has claimed of one endpoint. An endpoint that answers at once gets its messages in batches, since a
 * claim costs more than a delivery; one that is slow or fails has no more claimed than are under way.
 */
export class EndpointQueue {
  private readonly waiting: Record<Lane, Waiting[]> = { live: [], replayed: [] };
  private readonly sending: Record<Lane, number> = { live: 0, replayed: 0 };
  private readonly unkept: Record<Lane, number> = { live: 0, replayed: 0 };
  /** What ended well in the last interval, and in this one. */
  private lately = { count: 0, before: 0, since: -Infinity };

  constructor(public due: DueEndpoint) {}

  /** How many more are to be claimed. */
  room(realMs: number): Room {
    const batch = this.batch(realMs);
    const of = (lane: Lane): number => {
      const waiting = this.waiting[lane].length;
      if (batch > batchMin) return waiting > batch / 2 ? 0 : batch - waiting;
      return inFlightMax[lane] - waiting - this.unkept[lane];
    };
    return { live: of('live'), replayed: of('replayed') };
  }

  /** Whether this is the time to claim more: before the last ones are gone. */
  wantsMore(realMs: number): boolean {
    const batch = this.batch(realMs);
    if (batch === batchMin) return true;
    return lanes.some((lane) => this.waiting[lane].length === Math.floor(batch / 2)) || this.waits === 0;
  }

  /** Messages that wait. */
  get waits(): number {
    return this.waiting.live.length + this.waiting.replayed.length;
  }

  get isIdle(): boolean {
    return this.waits + this.unkept.live + this.unkept.replayed === 0;
  }

  /**
   * One that waits already is not added: a crash of Postgres frees claims.
   * @param claimed in the order in which they are to be sent
   */
  add(claimed: readonly ClaimedMessage[], nowMs: number): void {
    const known = new Set(lanes.flatMap((lane) => this.waiting[lane].map(({ message: { id } }) => id)));
    for (const message of claimed)
      if (!known.has(message.id)) this.waiting[laneOf(message)].push({ message, claimedMs: nowMs });
  }

  /** Whether what waits was claimed too long ago to be sent. */
  isStale(nowMs: number): boolean {
    return lanes.some((lane) => nowMs - (this.waiting[lane][0]?.claimedMs ?? nowMs) > waitMsMax);
  }

  /** The next one to be sent; it is under way then. @param withReplayed whether it may be one of a replay */
  next(withReplayed: boolean): ClaimedMessage | undefined {
    if (this.sending.live + this.sending.replayed >= endpointInFlightMax) return undefined;
    if (this.unkept.live + this.unkept.replayed >= unkeptMax) return undefined;
    for (const lane of withReplayed ? lanes : (['live'] as const)) {
      if (this.sending[lane] >= inFlightMax[lane]) continue;
      const [first] = this.waiting[lane];
      const isHeldUp = this.due.endpoint.ordering === 'strict' && this.sending[lane] > 0;
      if (first === undefined || (isHeldUp && !first.message.isTest)) continue;
      this.waiting[lane].shift();
      this.sending[lane] += 1;
      this.unkept[lane] += 1;
      return first.message;
    }
    return undefined;
  }

  /** It was answered, or can't be. */
  sent(message: ClaimedMessage, isSuccess: boolean, realMs: number): void {
    this.sending[laneOf(message)] -= 1;
    if (!isSuccess) this.lately = { count: 0, before: 0, since: realMs };
    else {
      if (realMs - this.lately.since >= latelyMs) {
        const isOver = realMs - this.lately.since >= 2 * latelyMs;
        this.lately = { count: 0, before: isOver ? 0 : this.lately.count, since: realMs };
      }
      this.lately.count += 1;
    }
  }

  /** Its outcome is kept, or can't be. */
  kept(message: ClaimedMessage): void {
    this.unkept[laneOf(message)] -= 1;
  }

  /** Takes out all that wait. */
  takeOut(): readonly ClaimedMessage[] {
    return lanes.flatMap((lane) => this.waiting[lane].splice(0).map(({ message }) => message));
  }

  private batch(realMs: number): number {
    const { count, before, since } = this.lately;
    if (realMs - since >= 2 * latelyMs) return batchMin;
    return Math.min(batchMax, Math.max(batchMin, count, before));
  }
}
