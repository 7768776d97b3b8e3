import { journalStream, streamOwner } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { sentKey, systemActor } from '@fintech-ledger/journal';
import { changesOf } from '@fintech-ledger/ledger/domain';
import type { BookingFacts, HistoryItemView, ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import { ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { HistoryPage } from '@fintech-ledger/projection-runtime';

interface HistoryOf<F> {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly ledgerId: string;
  /** How many are shown. */
  readonly limit: number;
  /** How clients see the object. */
  readonly show: (facts: F) => object;
  /** What an event is called. */
  readonly nameOf: (type: string) => string;
}

/** What happened to an object, as clients see it. @throws ReadModelBehind an event can't be read now */
export async function objectHistory<F>(
  { states, hasMore, nextCursor }: HistoryPage<F>,
  { store, ledgerId, limit, show, nameOf }: HistoryOf<F>,
): Promise<ObjectHistoryPage> {
  const data = await Promise.all(
    states.slice(0, limit).map(async ({ facts, revision, type }, index) => {
      const before = states[index + 1];
      const changes = changesOf(before && show(before.facts), show(facts));
      return historyItem(await eventAt(store, ledgerId, revision), nameOf(type), changes);
    }),
  );
  return { data, has_more: hasMore, next_cursor: nextCursor };
}

async function eventAt(
  store: Pick<EventStore, 'readStream'>,
  ledgerId: string,
  at: number,
): Promise<RecordedEvent> {
  const [event] = await store.readStream(journalStream(ledgerId), { from: asRevision(at), limit: 1 });
  if (event === undefined) throw new ReadModelBehind(1, `The event ${ledgerId}@${at} can't be read now.`);
  return event;
}

function historyItem(
  { id, stream, revision, data, metadata }: RecordedEvent,
  type: string,
  changes: HistoryItemView['changes'],
): HistoryItemView {
  const { entries = [] } = JSON.parse(data) as Partial<BookingFacts>;
  const said = JSON.parse(metadata) as EventMetadata;
  const isSystem = said.actor === systemActor;
  const correlationId = said.$correlationId;
  return {
    id,
    object: 'history_item',
    type,
    created_at: said.decidedAt ?? said.recordedAt,
    position: `${streamOwner(stream)}@${revision}`,
    actor: { type: isSystem ? 'system' : 'api_key', id: isSystem ? null : said.actor },
    request: {
      id: correlationId.startsWith('req_') ? correlationId : null,
      idempotency_key: sentKey(said.idempotencyKey, said.actor),
    },
    entries: entries.map(({ account, direction, amount, currency }) => ({
      account,
      direction,
      amount,
      currency,
    })),
    changes,
  };
}
