import { organizationStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { eventsAtOnce } from './limits';

/** The ledgers of a sandbox, from its own events: read models may be behind. @throws StoreUnavailable */
export async function ledgersOf(
  eventStore: Pick<EventStore, 'readStream'>,
  organizationId: string,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; ;) {
    const page = await eventStore.readStream(organizationStream(organizationId), {
      from: revision(from),
      limit: eventsAtOnce,
    });
    for (const { type, data } of page) {
      if (type !== 'LedgerCreated') continue;
      ids.push((JSON.parse(data) as { readonly ledger: { readonly id: string } }).ledger.id);
    }
    const last = page.at(-1);
    if (last === undefined) return ids;
    from = last.revision + 1;
  }
}
