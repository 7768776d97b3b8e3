import { canonicalJson, eventIds, installationStream } from '@fintech-ledger/envelope';
import { revision, WrongExpectedRevision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import {
  identityEvent,
  installationEvent,
  installationIds,
  readInstallationEvents,
} from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import type { ParkedEventDiscarded } from '@fintech-ledger/installation-events';
import type { Discard, ParkedView } from '@fintech-ledger/projection-runtime';

/** Others write to the stream of the installation too, now and then. */
const attemptsMax = 5;

/**
 * Records in the event store that an operator discarded a parked event. Once, however often it is called for one time
 * at which that event was parked: what was killed after this and before it changed anything is done again.
 * @throws StoreUnavailable
 */
export async function noteDiscard(
  store: EventStore,
  installation: Installation,
  parked: ParkedView,
  { reason, by }: Discard,
): Promise<void> {
  const data: ParkedEventDiscarded = {
    api_key: by,
    parked_event: parked.id,
    reader: parked.reader,
    reason,
    revision: parked.revision,
    stream: parked.stream,
    type: parked.type,
    webhook_endpoint: parked.webhook_endpoint,
  };
  const id = eventIds(installationStream, `discard ${parked.id} ${parked.since}`)(0);
  for (let attempt = 1; ; attempt += 1) {
    const events = await readInstallationEvents(store);
    if (events.some((event) => event.id === id)) return;
    const last = events.at(-1);
    const recordedMs = Date.now();
    const identity = installationIds(events).includes(installation.id)
      ? undefined
      : identityEvent(installation, last, recordedMs);
    const before =
      identity === undefined ? last : { ...identity, revision: revision((last?.revision ?? -1) + 1) };
    const note = installationEvent({
      id,
      type: 'ParkedEventDiscarded',
      data: canonicalJson(data),
      last: before,
      recordedMs,
      actor: by,
    });
    try {
      await store.append(
        installationStream,
        last?.revision ?? 'no_stream',
        identity === undefined ? [note] : [identity, note],
      );
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || attempt === attemptsMax) throw error;
    }
  }
}
