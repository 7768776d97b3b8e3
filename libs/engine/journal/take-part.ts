import type { Pending } from './batch';
import type { CommandItems, Decided, DomainEvent, DomainRecord } from './domain';
import { restOf } from './submit-in-parts';
import type { ItemRange } from './submit-in-parts';

/** The first items of a decision: what was decided of them, and how many they are. */
interface TakenPart<E extends DomainEvent, R extends DomainRecord> {
  readonly decision: Decided<E, R>;
  readonly items: number;
}

/** A decision's first events with what belongs to them: all items up to the last event's. */
export function takePart<E extends DomainEvent, R extends DomainRecord>(
  decided: Decided<E, R>,
  events: number,
): TakenPart<E, R> {
  const refused = new Set(decided.refusedItems?.map(({ index }) => index));
  let items = 0;
  for (let taken = 0; taken < events; items += 1) if (!refused.has(items)) taken += 1;
  return firstItems(decided, events, items);
}

/**
 * A smaller part than this one, which was too much for an append, though `fits` of its events were not; undefined: it is a single item. What was refused
 * before the first event, or behind the last one, is a part of its own when there is no room for it beside an event.
 */
export function smallerPart<E extends DomainEvent, R extends DomainRecord>(
  decided: Decided<E, R>,
  part: TakenPart<E, R>,
  fits: number,
): TakenPart<E, R> | undefined {
  const { length } = part.decision.events;
  if (length === 0) return part.items > 1 ? firstItems(decided, 0, part.items >> 1) : undefined;
  const smaller = takePart(decided, Math.max(Math.min(fits, length - 1), 1));
  if (smaller.items < part.items) return smaller;
  const refusedBefore = smaller.items - 1;
  return refusedBefore > 0 ? firstItems(decided, 0, refusedBefore) : undefined;
}

function firstItems<E extends DomainEvent, R extends DomainRecord>(
  decided: Decided<E, R>,
  events: number,
  items: number,
): TakenPart<E, R> {
  const decision: Decided<E, R> = {
    kind: 'decided',
    events: decided.events.slice(0, events),
    ...(decided.changes && { changes: decided.changes.slice(0, events) }),
    ...(decided.refusedItems && { refusedItems: decided.refusedItems.filter(({ index }) => index < items) }),
  };
  return { decision, items };
}

/** What is left of a decision behind its first events; items are counted from the first one that is left. */
export function withoutPart<E extends DomainEvent, R extends DomainRecord>(
  decided: Decided<E, R>,
  events: number,
  items: number,
): Decided<E, R> {
  return {
    kind: 'decided',
    events: decided.events.slice(events),
    ...(decided.changes && { changes: decided.changes.slice(events) }),
    ...(decided.refusedItems && {
      refusedItems: decided.refusedItems
        .filter(({ index }) => index >= items)
        .map((item) => ({ ...item, index: item.index - items })),
    }),
  };
}

/** The items behind a part as a command that nobody waits for yet; undefined without a key to find it by. */
export function pendingRest<C, E extends DomainEvent>(
  ofItems: CommandItems<C, E> | undefined,
  { envelope, commandKey }: Pending<C>,
  at: number,
  items: ItemRange,
): Pending<C> | undefined {
  if (ofItems === undefined || envelope.idempotencyKey === undefined) return undefined;
  const rest = restOf(ofItems, envelope, items.from, at);
  const before = commandKey.slice(0, commandKey.length - envelope.idempotencyKey.length);
  const nobody = (): void => undefined;
  return {
    envelope: rest,
    commandKey: `${before}${rest.idempotencyKey ?? ''}`,
    resolve: nobody,
    reject: nobody,
    items,
    isAhead: true,
  };
}

/** How many of the events of a command that may be cut are taken, at least those up to the first of its ends. */
export const endWithin = (most: number, ends?: readonly number[]): number =>
  ends === undefined ? Math.max(most, 1) : (ends.findLast((end) => end <= most) ?? ends[0] ?? 1);
