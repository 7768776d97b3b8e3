import { streamOwner } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { sentKey, systemActor } from '@fintech-ledger/journal';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';
import { eventId } from './event-id';
import type { PublicEventRegistry, PublishedType } from './public-event-registry';
import type { PublicEventView } from './public-event-shape';

/** A public event, and what it is found under. */
export interface RenderedEvent {
  readonly view: PublicEventView;
  readonly ids: readonly string[];
  readonly organizationId: string;
  /** Real time: the order of lists. */
  readonly recordedMs: number;
}

type Metadata = Partial<EventMetadata>;

/**
 * What an event of a journal tells clients as this type; undefined when it does not. Pure: the same for ever.
 * @throws JournalDisagrees it can't be read by this process
 */
export function renderEvent(
  registry: PublicEventRegistry,
  recorded: RecordedEvent,
  type: PublishedType,
): RenderedEvent | undefined {
  const { stream, revision } = recorded;
  const told = registry.toldBy(recorded.type).find(({ name }) => name === type.name);
  if (told === undefined) return undefined;
  const metadata = parsed(recorded, recorded.metadata) as Metadata;
  const data = parsed(recorded, recorded.data);
  const event = registry.eventsOf(recorded.type)?.read(recorded.type, metadata.version, data);
  if (event === undefined || typeof event === 'string')
    throw new JournalDisagrees(stream, revision, event ?? 'its type is not known');
  const { recordedAt = '', decidedAt = recordedAt, organizationId = '' } = metadata;
  const recordedMs = Date.parse(recordedAt);
  const ledger = type.isOfLedger ? streamOwner(stream) : null;
  const view: PublicEventView = {
    id: eventId(type.name, recordedMs, revision, stream),
    object: 'event',
    type: type.name,
    // By the clock of its sandbox.
    created_at: decidedAt,
    ledger,
    position: ledger === null ? null : `${ledger}@${revision}`,
    data: {
      object: told.objectOf(event.data),
      ...(told.previous === undefined ? {} : { previous_attributes: told.previous }),
    },
    request: requestOf(metadata),
    actor: actorOf(metadata),
  };
  return { view, ids: told.idsOf(event.data), organizationId, recordedMs };
}

/** The keys of our own commands, such as those with the outcome of a rail, are nobody else's. */
function requestOf({
  $correlationId = '',
  actor = systemActor,
  idempotencyKey,
}: Metadata): PublicEventView['request'] {
  const id = $correlationId.startsWith('req_') ? $correlationId : null;
  return { id, idempotency_key: sentKey(idempotencyKey, actor) };
}

function actorOf({ actor = systemActor }: Metadata): PublicEventView['actor'] {
  return actor === systemActor ? { type: 'system', id: null } : { type: 'api_key', id: actor };
}

function parsed(recorded: RecordedEvent, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new JournalDisagrees(recorded.stream, recorded.revision, 'it is not JSON');
  }
}
