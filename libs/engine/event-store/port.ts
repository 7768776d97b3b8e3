import type { EventBytes } from './event-bytes';
import { streamNameMax } from './limits';

/** Branded, so that a revision is never mistaken for a count: 0 is a stream's first event. Exact up to 2^53. */
declare const revisionBrand: unique symbol;
export type Revision = number & { readonly [revisionBrand]: true };
/** A place in the store's total order: opaque, only ever handed back to the store that gave it. */
declare const positionBrand: unique symbol;
export type GlobalPosition = string & { readonly [positionBrand]: true };

export const revision = (value: number): Revision => value as Revision;
export const globalPosition = (value: string): GlobalPosition => value as GlobalPosition;

export type ExpectedRevision = Revision | 'any' | 'no_stream' | 'stream_exists';

/** `data` and `metadata` are JSON texts on one line (no control characters), stored byte for byte. */
export interface EventToAppend {
  /** UUID. Appending the same ids again at the same expected revision is answered as the first time. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

export interface RecordedEvent extends EventToAppend {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: GlobalPosition;
  readonly bytes?: EventBytes;
}

export interface AppendResult {
  /** The revision of the last event of this append. */
  readonly revision: Revision;
  /** True when these very events were there already. */
  readonly repeated: boolean;
}

export interface ReadOptions {
  /** Inclusive. Default: the first event forwards, the last one backwards. */
  readonly from?: Revision;
  readonly direction?: 'forwards' | 'backwards';
  /**
   * At most this many events, 1 to `readEventsMax`. There may be fewer although more follow (large events, see
   * `readBytesMax`): only an empty page is the end.
   */
  readonly limit: number;
  /** The page ends after the event that passes so many bytes of data and metadata. Default and most: `readBytesMax`. */
  readonly bytesMax?: number;
}

export interface SubscribeOptions {
  /** Exclusive: the position of the last event that was handled. Absent: from the beginning. */
  readonly after?: GlobalPosition;
  /** Only streams whose name starts with one of these. */
  readonly streamPrefixes: readonly string[];
  readonly batchEventsMax?: number;
  /** Under load batches are at least this far apart, so that there is more in each; after a quiet moment there is no wait. Default 25. */
  readonly gatherMs?: number;
}

/**
 * An endless feed of non-empty batches in the store's total order, without gaps: an event whose append began earlier but
 * became visible later is never passed over. It recovers automatically after the store was unavailable; `close()` ends it.
 */
export interface Subscription extends AsyncIterable<readonly RecordedEvent[]> {
  /** While the iteration waits: up to where nothing more is wanted. undefined: it can't tell now; absent: never. */
  passed?(): GlobalPosition | undefined;
  close(): Promise<void>;
}

/** What looks for new events from time to time, and at once when it is told to. */
export interface Follower {
  wake(): void;
}

/** What one append may have at most. */
export interface AppendLimits {
  /** Of all its events together: data and metadata, and for each event `eventOverheadBytes`. */
  readonly appendBytesMax: number;
  readonly appendEventsMax: number;
  /** What the store counts of an event besides data and metadata. Absent: nothing. */
  readonly eventOverheadBytes?: number;
}

export interface EventStore {
  /**
   * Appends all events (at least one) or none, contiguously and durably. The very same ids at the same expected revision are
   * answered as the first time, for ever; with 'any' and 'stream_exists' while they are among the stream's last events
   * (`reappendWindowEvents`) and the store was not restarted meanwhile: one that remembers them in memory stores them a second time then, so
   * nothing that must be there once is appended without an exact revision. Only some of the ids, or in another order, is a conflict.
   * @throws WrongExpectedRevision the stream is elsewhere; nothing was written
   * @throws OutcomeUnknown it may or may not have been written: append the same events at the same revision again
   * @throws StoreUnavailable this call wrote nothing (an earlier one with unknown outcome still may have)
   * @throws AppendTooLarge nothing was written
   * @throws StreamGone the store deleted this stream; nothing was written
   * @throws AppendRejected nothing was written
   * @throws any other error: it may or may not have been written; see `wroteNothing`
   * @throws TypeError no events, a line break in a text, an id that is no UUID, a bad stream name: a bug of the caller
   */
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<AppendResult>;
  /**
   * An empty array when the stream was never written to or nothing lies in that direction. A page has no holes.
   * @throws StoreUnavailable
   * @throws StreamTruncated events that were asked for, and were once there, are not there any more
   * @throws StreamGone the stream was deleted
   */
  readStream(stream: string, options: ReadOptions): Promise<readonly RecordedEvent[]>;
  /** To be iterated once. The iteration throws PositionUnknown (also later, when the store was replaced), or a bug's error; never StoreUnavailable. */
  subscribe(options: SubscribeOptions): Subscription;
  /** How many events lie after this position (absent: in all), or null when the store can't tell. @throws StoreUnavailable */
  countAfter(position: GlobalPosition | undefined): Promise<number | null>;
  /**
   * The position of the last event that the store has now, whatever stream it is in, for a subscription to what is
   * appended from now on; undefined: it has none. @throws StoreUnavailable
   */
  lastPosition(): Promise<GlobalPosition | undefined>;
  readonly limits: AppendLimits;
  close(): Promise<void>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f]/;

/**
 * What every adapter refuses before it talks to its store.
 * @returns the bytes of the events, as `limits` counts them
 * @throws AppendTooLarge more events or bytes than `limits`
 * @throws TypeError no events, a line break in a text, an id that is no lower-case UUID, a bad stream name
 */
export function checkAppend(
  stream: string,
  events: readonly EventToAppend[],
  limits: EventStore['limits'],
): number {
  if (stream.length === 0 || stream.length > streamNameMax || controlCharacter.test(stream)) {
    throw new TypeError(`bad stream name ${JSON.stringify(stream)}`);
  }
  if (events.length === 0) throw new TypeError('an append has at least one event');
  if (events.length > limits.appendEventsMax) {
    throw new AppendTooLarge(`${events.length} events, at most ${limits.appendEventsMax}`);
  }
  let bytes = events.length * (limits.eventOverheadBytes ?? 0);
  for (const { id, type, data, metadata } of events) {
    if (!uuid.test(id)) throw new TypeError(`event id ${JSON.stringify(id)} is no lower-case UUID`);
    // Adapters send many texts as lines of one.
    if (type === '' || type.includes('\n') || data.includes('\n') || metadata.includes('\n')) {
      throw new TypeError(`event ${id} has an empty type or a line break in a text`);
    }
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
  }
  if (bytes > limits.appendBytesMax)
    throw new AppendTooLarge(`${bytes} bytes, at most ${limits.appendBytesMax}`);
  return bytes;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  /** @param actual null when the stream does not exist */
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: Revision | null,
  ) {
    super(`stream ${stream} is at ${actual ?? 'no_stream'}, expected ${expected}`);
  }
}
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}
/** The store refuses these events, and would again: a bug of ours. */
export class AppendRejected extends Error {
  override readonly name = 'AppendRejected';
}

/**
 * Whether an error of `append` says that this call wrote nothing. The few errors that do are named here and whatever else is thrown leaves
 * the outcome unknown, so that an error nobody thought of never makes a command be booked twice.
 */
export function wroteNothing(error: unknown): boolean {
  return (
    error instanceof WrongExpectedRevision ||
    error instanceof StoreUnavailable ||
    error instanceof AppendTooLarge ||
    error instanceof StreamGone ||
    error instanceof AppendRejected
  );
}

/**
 * A subscription starts after a position at which the store has no event: it was restored from an older backup, or it is another store.
 * Going on would pass events over, and asking again would not help: the message says what to do.
 */
export class PositionUnknown extends Error {
  override readonly name = 'PositionUnknown';
}
/**
 * A stream lacks events that it once had: its beginning was cut off in the store ($maxCount, $maxAge, $tb, or a deleted stream that was
 * written to again), or events were removed from it. What is left must not be taken for the whole.
 */
export class StreamTruncated extends Error {
  override readonly name = 'StreamTruncated';
  /** @param next the first revision that is still there after those that are missing; null when none is */
  constructor(
    readonly stream: string,
    readonly next: Revision | null,
  ) {
    super(
      `the stream ${stream} lacks events in the event store${next === null ? '' : `: there is none before revision ${next}`}. ` +
        'Restore the store from a backup that has them, and remove what limits the stream ($maxCount, $maxAge, $tb)',
    );
  }
}
/** A stream was deleted in the store, for good or so that it may be written to again. */
export class StreamGone extends Error {
  override readonly name = 'StreamGone';
  constructor(
    readonly stream: string,
    options?: ErrorOptions,
  ) {
    super(
      `the stream ${stream} was deleted in the event store: restore the store from a backup that has it`,
      options,
    );
  }
}
/**
 * An append was stored, but not where it was meant to be: the stream is not the one that the caller knows (it was deleted and begins
 * again behind its old end). It must not be acknowledged, nor sent again: its events are in the store.
 */
export class AppendMisplaced extends Error {
  override readonly name = 'AppendMisplaced';
  constructor(
    readonly stream: string,
    readonly expected: Revision,
    readonly answered: Revision,
  ) {
    super(
      `an append to ${stream} that was to end at revision ${expected} was stored up to ${answered}: ` +
        'the stream was deleted or changed in the event store. Restore the store from a backup that has it',
    );
  }
}
