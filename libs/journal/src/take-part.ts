import type { Decided, DomainEvent, DomainRecord } from './domain';

/**
 * A decision's first events with what belongs to them, and how many of the command's items that is: all up to the last event's. What was refused
 * after it is decided again with the rest, so that every part has an event which says what was refused in it.
 */
export function takePart<E extends DomainEvent, R extends DomainRecord>(
  decided: Decided<E, R>,
  events: number,
): { readonly decision: Decided<E, R>; readonly items: number } {
  const refused = new Set(decided.refusedItems?.map(({ index }) => index));
  let items = 0;
  for (let taken = 0; taken < events; items += 1) if (!refused.has(items)) taken += 1;
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
