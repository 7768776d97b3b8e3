import { organizationStream } from '@fintech-ledger/envelope';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { webhookEvents } from '@fintech-ledger/webhooks/domain';

/** Events of one look, and in all: a read model that lacks more of them is waited for. */
const [pageMax, lookedAtMax] = [200, 1_000];
const names = new Set<string>(webhookEvents.names);

/**
 * Whether the stream of an organization has, after what the read model of endpoints has of it, an event that may have
 * changed one: a type that this process doesn't know may be one of those. Where there is none, endpoints that were read
 * at that revision are right for all that was recorded before this is asked.
 * @param read the last revision that the read model has; -1: none
 * @throws what the store throws
 */
export async function hasUnreadChanges(
  { store, registry }: { store: Pick<EventStore, 'readStream'>; registry: PublicEventRegistry },
  organizationId: string,
  read: number,
): Promise<boolean> {
  const stream = organizationStream(organizationId);
  for (let last = read; last < read + lookedAtMax;) {
    const page = await store.readStream(stream, { from: revision(last + 1), limit: pageMax });
    const end = page.at(-1);
    if (end === undefined) return false;
    if (page.some(({ type }) => mayChangeEndpoints(registry, type))) return true;
    last = end.revision;
  }
  return true;
}

function mayChangeEndpoints(registry: PublicEventRegistry, type: string): boolean {
  return names.has(type) || registry.eventsOf(type) === undefined;
}
