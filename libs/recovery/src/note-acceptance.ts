import { canonicalJson, installationStream } from '@fintech-ledger/event-contracts';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { identityEvent, installationEvent, installationIds } from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import { randomUUID } from 'node:crypto';
import type { Difference } from './find-differences';

/** A stream of `OlderStoreAccepted`. */
interface NotedStream {
  readonly stream: string;
  readonly store_end: number;
  readonly known_revision: number;
  /** Tells two histories apart that end at the same revisions; events of before have none. */
  readonly known_hash?: string | null;
}

/** `OlderStoreAccepted`: the store's own record that it was accepted as it is. */
export interface Acceptance {
  readonly accepted_by: string;
  readonly file_lines: number;
  readonly file_sha256: string;
  readonly streams: readonly NotedStream[];
}

const pageEvents = 1_000;

/** What an earlier run has noted of just these differences, and was killed before it had dropped what it noted. */
export async function findAcceptance(
  store: Pick<EventStore, 'readStream'>,
  differences: readonly Difference[],
): Promise<Acceptance | undefined> {
  if (differences.length === 0) return undefined;
  const wanted = noted(differences);
  return (await readInstallation(store))
    .filter(({ type }) => type === 'OlderStoreAccepted')
    .map(({ data }) => JSON.parse(data) as Acceptance)
    .findLast(({ streams }) => wanted.every((one) => streams.some((other) => isSame(one, other))));
}

/** Notes it in the store, together with whose the store is where it does not say so yet. */
export async function noteAcceptance(
  store: EventStore,
  installation: Installation,
  accepted: Omit<Acceptance, 'streams'> & { readonly differences: readonly Difference[] },
): Promise<void> {
  const { differences, ...said } = accepted;
  const events = await readInstallation(store);
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

async function readInstallation(store: Pick<EventStore, 'readStream'>): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await store.readStream(installationStream, {
      from: revision(events.length),
      limit: pageEvents,
    });
    events.push(...page);
    if (page.length < pageEvents) return events;
  }
}

const noted = (differences: readonly Difference[]): readonly (NotedStream & Record<string, unknown>)[] =>
  differences.map(({ stream, storeEnd, known }) => ({
    known_hash: known.hash,
    known_revision: known.revision,
    store_end: storeEnd,
    stream,
  }));

const isSame = (one: NotedStream, other: NotedStream): boolean =>
  one.stream === other.stream &&
  one.store_end === other.store_end &&
  one.known_revision === other.known_revision &&
  typeof one.known_hash === 'string' &&
  one.known_hash === other.known_hash;
