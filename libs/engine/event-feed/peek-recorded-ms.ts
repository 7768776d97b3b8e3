import { firstEventAfter } from '@fintech-ledger/event-store';
import type { EventStore, FirstEventOptions } from '@fintech-ledger/event-store';

/** How long the store may take to give an event; when there is none, it gives none for as long. */
const peekMs = 1_000;

/** When the first event after a position was recorded (milliseconds since 1970); null: none came. */
export async function peekRecordedMs(
  store: Pick<EventStore, 'subscribe'>,
  options: Omit<FirstEventOptions, 'waitMs'>,
): Promise<number | null> {
  const event = await firstEventAfter(store, { ...options, waitMs: peekMs });
  if (event === undefined) return null;
  const { recordedAt = '' } = JSON.parse(event.metadata) as { readonly recordedAt?: string };
  const ms = Date.parse(recordedAt);
  return Number.isNaN(ms) ? null : ms;
}
