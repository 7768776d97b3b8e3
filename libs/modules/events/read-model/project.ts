import { timeSortableId } from '@fintech-ledger/envelope';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { PublicEventRegistry } from '../catalogue/public-event-registry';
import { organizationKey, streamKey } from './keys';

/** Where an event is. */
export interface Place {
  readonly organizationKey: string;
  readonly type: string;
  readonly recordedMs: number;
  /** By the clock of its sandbox; undefined: when it was recorded. */
  readonly createdMs: number | undefined;
  readonly streamKey: number;
}

/** Public events of one type whose revisions follow one another, all recorded and created in one millisecond. */
export interface EventRun extends Place {
  readonly first: number;
  readonly last: number;
}

/** A public event that is found under a name which does not say where it is. */
export interface NamedEvent extends Place {
  readonly name: string;
  readonly revision: number;
}

export interface KnownStream {
  readonly organizationKey: string;
  readonly stream: string;
  readonly streamKey: number;
}

export interface PublicEventChanges {
  readonly runs: readonly EventRun[];
  readonly named: readonly NamedEvent[];
  readonly streams: readonly KnownStream[];
}

/** A stream of a batch. */
interface OpenStream extends KnownStream {
  /** By type, the place of the run that may go on. */
  readonly open: Map<string, number>;
}

/** Pure: where the public events of a batch are. */
export function projectPublicEvents(
  registry: Pick<PublicEventRegistry, 'toldBy'>,
  events: readonly DecodedEvent[],
): PublicEventChanges {
  const runs: EventRun[] = [];
  const named: NamedEvent[] = [];
  const streams = new Map<string, OpenStream>();
  for (const event of events) {
    const told = registry.toldBy(event.event.type);
    if (told.length === 0) continue;
    const { revision, recordedMs, decidedMs: createdMs } = event;
    const { organizationKey: organization, stream, streamKey: key, open } = openStream(streams, event);
    for (const publication of told) {
      const type = publication.name;
      const place: Place = { organizationKey: organization, type, recordedMs, createdMs, streamKey: key };
      const at = open.get(type);
      const run = at === undefined ? undefined : runs[at];
      if (at !== undefined && run?.last === revision - 1 && isOfOneMoment(run, place)) {
        runs[at] = { ...run, last: revision };
      } else {
        open.set(type, runs.length);
        runs.push({ ...place, first: revision, last: revision });
      }
      const own = timeSortableId('', recordedMs, revision, stream);
      for (const name of publication.idsOf(event.event.data)) {
        if (!name.endsWith(own)) named.push({ ...place, name, revision });
      }
    }
  }
  return { runs, named, streams: [...streams.values()] };
}

function isOfOneMoment(one: Place, other: Place): boolean {
  return one.recordedMs === other.recordedMs && one.createdMs === other.createdMs;
}

function openStream(
  streams: Map<string, OpenStream>,
  { prefix, owner, organizationId }: DecodedEvent,
): OpenStream {
  const stream = `${prefix}${owner}`;
  const known = streams.get(stream);
  if (known !== undefined) return known;
  const opened = {
    organizationKey: organizationKey(organizationId),
    stream,
    streamKey: streamKey(stream),
    open: new Map<string, number>(),
  };
  streams.set(stream, opened);
  return opened;
}
