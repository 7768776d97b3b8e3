import { canonicalJson, installationStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import { installationEvents } from '@fintech-ledger/installation-events';
import type { AcceptedStream, OlderStoreAccepted } from '@fintech-ledger/installation-events';
import type { EventStore } from '@fintech-ledger/event-store';
import {
  identityEvent,
  installationEvent,
  installationIds,
  readInstallationEvents,
} from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import { randomUUID } from 'node:crypto';
import type { Difference } from './find-differences';

/** What an earlier run has noted of just these differences, and was killed before it had dropped what it noted. */
export async function findAcceptance(
  store: Pick<EventStore, 'readStream'>,
  differences: readonly Difference[],
): Promise<OlderStoreAccepted | undefined> {
  if (differences.length === 0) return undefined;
  const wanted = noted(differences);
  return (await readInstallationEvents(store))
    .flatMap(({ type, data, metadata }) => {
      const { version } = JSON.parse(metadata) as { readonly version: number };
      const event = installationEvents.read(type, version, JSON.parse(data) as object);
      return typeof event !== 'string' && event.type === 'OlderStoreAccepted' ? [event.data] : [];
    })
    .findLast(({ streams }) => wanted.every((one) => streams.some((other) => isSame(one, other))));
}

/** Notes it in the store, together with whose the store is where it does not say so yet. */
export async function noteAcceptance(
  store: EventStore,
  installation: Installation,
  accepted: Omit<OlderStoreAccepted, 'streams'> & { readonly differences: readonly Difference[] },
): Promise<void> {
  const { differences, ...said } = accepted;
  const events = await readInstallationEvents(store);
  const last = events.at(-1);
  const recordedMs = Date.now();
  const isMarked = installationIds(events).includes(installation.id);
  const identity = isMarked ? undefined : identityEvent(installation, last, recordedMs);
  const note = installationEvent({
    id: randomUUID(),
    type: 'OlderStoreAccepted',
    data: canonicalJson({ ...said, streams: noted(differences) }),
    last: identity === undefined ? last : { ...identity, revision: revision((last?.revision ?? -1) + 1) },
    recordedMs,
    actor: said.accepted_by,
  });
  await store.append(
    installationStream,
    last?.revision ?? 'no_stream',
    identity === undefined ? [note] : [identity, note],
  );
}

const noted = (differences: readonly Difference[]): readonly AcceptedStream[] =>
  differences.map(({ stream, storeEnd, known }) => ({
    known_hash: known.hash,
    known_revision: known.revision,
    store_end: storeEnd,
    stream,
  }));

const isSame = (one: AcceptedStream, other: AcceptedStream): boolean =>
  one.stream === other.stream &&
  one.store_end === other.store_end &&
  one.known_revision === other.known_revision &&
  one.known_hash !== null &&
  one.known_hash === other.known_hash;
