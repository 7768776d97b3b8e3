import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { MessagingPlace } from '@fintech-ledger/telemetry';

/** A place in a feed: opaque, only ever handed back to the feed that gave it. Starting after it repeats nothing that it covers. */
declare const feedTokenBrand: unique symbol;
export type FeedToken = string & { readonly [feedTokenBrand]: true };
export const feedToken = (value: string): FeedToken => value as FeedToken;

export interface FeedEvent extends RecordedEvent {
  /** Where in its trace it was sent (W3C Trace Context), when something stands between the store and the reader. */
  readonly traceparent?: string;
  /** How often the stream's history had been accepted again when it was sent; absent: it comes from the event store itself. */
  readonly generation?: number;
  /** What keeps it from being read, although its stream is known. Its revision is NaN when that can't be read either. */
  readonly unreadable?: string;
}

/** Events in order within each stream, perhaps none, and the token that stands for all of them and all before. */
export interface FeedBatch {
  readonly events: readonly FeedEvent[];
  readonly token: FeedToken;
}

export interface OpenFeedOptions {
  /** Exclusive. Absent: from the beginning. */
  readonly after?: FeedToken;
  /**
   * Only for a feed whose parts are shared out: where all stand now that read through this reader. It is asked whenever
   * the reader is given parts, which others may have had that don't read for all of them. Absent: `after` says it.
   */
  readonly reached?: () => Promise<FeedToken | undefined>;
  /** Only streams whose name starts with one of these. */
  readonly streamPrefixes: readonly string[];
  readonly batchEventsMax?: number;
  /** Something in the feed is no event of anybody's; it is passed over. An event that it took the place of shows as a gap in its stream. */
  readonly onForeign?: (reason: string) => void;
}

/**
 * An endless iteration that recovers automatically after the source was unavailable; `close()` ends it.
 * An event may be delivered again, so a reader keeps the revision it has reached in each stream; none is ever left out.
 */
export interface FeedReader extends AsyncIterable<FeedBatch> {
  /** Tells the source what is done. A hint for its own books (retention, consumer lag): the reader's checkpoint decides. */
  acknowledge(token: FeedToken): Promise<void>;
  /** Only of a feed whose parts are shared out: whether this reader has the part of that stream. Absent: it has all. */
  owns?(stream: string): boolean;
  /**
   * When the source last gave a sign of life (milliseconds since 1970): what came to it since then is not known here. Absent: the source keeps
   * nothing that its reader doesn't hear of.
   */
  heardAtMs?(): number;
  /** Whether the source has events that this reader has not handed over. Absent: it can't be asked. */
  isBehind?(): Promise<boolean>;
  close(): Promise<void>;
}

/** Where projectors get events from: the event store itself, or what relays it. */
export interface EventFeed {
  /** What traces call it. */
  readonly place: MessagingPlace;
  open(options: OpenFeedOptions): FeedReader;
  /**
   * How many events lie after the token (absent: in all), those that have not come into the feed yet too;
   * null when the source can't tell.
   */
  countAfter(token: FeedToken | undefined): Promise<number | null>;
  /**
   * When the first event after the token was recorded (ms since 1970); null: there is none, or nobody can tell.
   * Absent: the feed can't look at one event.
   */
  oldestAfterMs?(token: FeedToken | undefined): Promise<number | null>;
  /** When the oldest event was recorded that has not come into the feed; null: there is none, or nobody can tell. */
  oldestUnsentMs?(): Promise<number | null>;
  /**
   * Only for a feed whose parts are shared out among several readers. Where to go on so that nothing is left out for any of the projections
   * that have reached these tokens (undefined: nothing yet).
   */
  earliest?(tokens: readonly (FeedToken | undefined)[]): FeedToken | undefined;
}
