import {
  canonicalJson,
  eventIds,
  genesisHash,
  installationStream,
  sealMetadata,
} from '@fintech-ledger/envelope';
import { installationEvents } from '@fintech-ledger/installation-events';
import { wholeStream } from '@fintech-ledger/event-store';
import type { EventStore, EventToAppend, RecordedEvent } from '@fintech-ledger/event-store';
import type { Installation } from './installation';
import { knownHashOf } from './known-hash';

type LastEvent = Pick<RecordedEvent, 'revision' | 'metadata'>;

/** The next event of the installation's own stream, chained by hashes as those of all streams are. */
export function installationEvent(event: {
  readonly id: string;
  readonly type: (typeof installationEvents.names)[number];
  /** Canonical JSON. */
  readonly data: string;
  /** The last one that is there. */
  readonly last: LastEvent | undefined;
  readonly recordedMs: number;
  readonly actor: string;
}): EventToAppend {
  const { id, type, data, last } = event;
  const recordedAt = new Date(event.recordedMs).toISOString();
  const revision = last === undefined ? 0 : last.revision + 1;
  const sealed = sealMetadata(
    { id, stream: installationStream, revision, type, data },
    {
      $correlationId: id,
      actor: event.actor,
      commandIndex: 0,
      commandSize: 1,
      effectiveAt: recordedAt,
      organizationId: '',
      previousHash: last === undefined ? genesisHash : knownHashOf(last),
      recordedAt,
      version: installationEvents.versionOf(type),
    },
  );
  return { id, type, data, metadata: sealed.text };
}

/** Says that the store is this installation's; by its id, so that processes that start at once write one event. */
export function identityEvent(
  { id }: Installation,
  last: LastEvent | undefined,
  recordedMs: number,
): EventToAppend {
  return installationEvent({
    id: eventIds(installationStream, id)(0),
    type: 'InstallationCreated',
    data: canonicalJson({ installation_id: id }),
    last,
    recordedMs,
    actor: 'system',
  });
}

/** Whose the store is. */
export function installationIds(events: readonly RecordedEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type === 'InstallationCreated')
    .map(({ data }) => (JSON.parse(data) as { readonly installation_id: string }).installation_id);
}

/** All events of the installation's own stream. @throws StoreUnavailable */
export async function readInstallationEvents(
  store: Pick<EventStore, 'readStream'>,
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of wholeStream(store, installationStream)) events.push(event);
  return events;
}

/** Whose the store says it is. @throws StoreUnavailable */
export async function readInstallationIds(store: Pick<EventStore, 'readStream'>): Promise<readonly string[]> {
  return installationIds(await readInstallationEvents(store));
}
