import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import { metadataTexts, recomputeHash, recordedTimeMs, streamOwner } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { ChainLink } from './chain-head';
import { PoisonEvent } from './errors';
import type { Decode } from './projection';
import { readData } from './read-data';
import { parseObject } from './rows/parse-object';

/** An event in the newest version of its type. */
export interface ReadEvent {
  readonly type: string;
  readonly data: object;
}

/** An event as projections read it. Times: milliseconds since 1970. P: what the name of its stream begins with. */
export interface DecodedEvent<P extends string = string, E extends ReadEvent = ReadEvent> extends ChainLink {
  readonly prefix: P;
  /** Whose stream it is: its name without the prefix. */
  readonly owner: string;
  readonly organizationId: string;
  /** Who caused it, as in its metadata: the id of an API key, or the installation itself. */
  readonly actor: string;
  /** The request that caused it, or what else did. */
  readonly correlationId: string;
  readonly revision: number;
  readonly id: string;
  readonly recordedMs: number;
  readonly effectiveMs: number;
  /** When it was decided, by the clock of its sandbox; absent: when it was recorded. */
  readonly decidedMs?: number | undefined;
  readonly event: E;
}

/** The events of a module's streams, and what their schema can't say of them. */
export interface ReadableStreams {
  readonly events: Pick<EventList<AnyEventType>, 'streams' | 'readableVersion'>;
  /** Why an event that its schema allows can't be right; undefined: nothing is wrong. */
  readonly problemOf?: (event: ReadEvent) => string | undefined;
  /**
   * A part of an event's data, found without parsing all of it: what a projection needs that has `readsParts`. The text
   * has to be what JSON.parse takes, and to have all members that data of its type always have.
   * @returns undefined: the text has another form, and is parsed
   */
  readonly partOf?: (type: string, data: string) => object | undefined;
}

/**
 * Reads an event for all projections at once.
 * @returns a function that throws PoisonEvent: type or version is not known, the JSON can't be read or lacks what every
 * projection needs, its module finds a fault, or its content does not have the hash that it carries
 * @param how whether the data may be only what `partOf` finds
 */
export function decodeWith(
  streams: readonly ReadableStreams[],
  { inParts = false }: { readonly inParts?: boolean } = {},
): Decode<DecodedEvent> {
  const readable = streams.flatMap(({ events, problemOf, partOf }) =>
    'prefix' in events.streams
      ? [{ prefix: events.streams.prefix, events, problemOf, partOf: inParts ? partOf : undefined }]
      : [],
  );
  return (recorded) => {
    const { stream, type, revision, id } = recorded;
    const metadata: Partial<EventMetadata> =
      metadataTexts(recorded.metadata) ?? parseObject(recorded, recorded.metadata, 'metadata');
    const { version, hash = '', previousHash = '', recordedAt = '', effectiveAt = '' } = metadata;
    const { organizationId = '', actor = '', $correlationId: correlationId = '' } = metadata;
    const found = readable.find(({ prefix }) => stream.startsWith(prefix));
    if (found === undefined)
      throw new PoisonEvent(recorded, 'its type is not known: upgrade this process', {
        haltCode: 'unknown_event_version',
      });
    const event = { type, data: readData(recorded, found.events, version, found.partOf) };
    const recordedMs = recordedTimeMs(recordedAt);
    if (Number.isNaN(recordedMs)) throw new PoisonEvent(recorded, 'its recordedAt is not a time');
    const problem = found.problemOf?.(event);
    if (problem !== undefined) throw new PoisonEvent(recorded, problem);
    const effectiveMs = effectiveAt === recordedAt ? recordedMs : recordedTimeMs(effectiveAt);
    if (Number.isNaN(effectiveMs)) throw new PoisonEvent(recorded, 'its effectiveAt is not a time');
    const { decidedAt } = metadata;
    const decidedMs = decidedAt === undefined ? undefined : recordedTimeMs(decidedAt);
    if (Number.isNaN(decidedMs)) throw new PoisonEvent(recorded, 'its decidedAt is not a time');
    assertSealed(recorded, hash);
    const owner = streamOwner(stream);
    return {
      prefix: found.prefix,
      owner,
      organizationId,
      actor,
      correlationId,
      revision,
      id,
      recordedMs,
      effectiveMs,
      decidedMs,
      event,
      hash,
      previousHash,
    };
  };
}

/** The hash is recomputed from the stored texts: an event that was edited in the store, or on its way, is not projected. */
function assertSealed(recorded: RecordedEvent, hash: string): void {
  const computed = recomputeHash(recorded);
  if (hash !== '' && computed === hash) return;
  throw new PoisonEvent(
    recorded,
    `it was changed: its hash is ${hash || 'missing'}, its content has ${computed ?? 'none'}. "ledgerctl verify" finds all that were`,
  );
}
