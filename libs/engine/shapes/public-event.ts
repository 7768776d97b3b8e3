import type { AnyEventType, EventList, EventOf } from '@fintech-ledger/contract';
import type { NamedShape } from './shape';

interface PublicEventDefinition<D extends object, V extends object> {
  /** Such as `transaction.posted`: the object, and what became of it. */
  readonly name: string;
  /** A sentence or two for the catalogue. */
  readonly description: string;
  /** What `data.object` is. */
  readonly object: NamedShape<V>;
  /** Members of the object as they were before every such event, where that is known. */
  readonly previous?: Partial<V>;
  /** What it is found under: the id (or address) of its object, then those of others that it is about. */
  idsOf(data: D): readonly string[];
  objectOf(data: D): V;
}

/**
 * A type of event that clients are told of, as one value. What it says of an event of a journal is made of that event
 * alone, whenever it is read, so what it says of a recorded event must never change. D: the data of that event.
 */
export interface PublicEventType<D extends object, V extends object = object> extends PublicEventDefinition<
  D,
  V
> {
  /** Of `data.object`. */
  readonly example: V;
}

/** @param definition `shows`: what its example has otherwise than that of the shape */
export function publicEvent<D extends object, V extends object>(
  definition: PublicEventDefinition<D, V> & { readonly shows?: Partial<NoInfer<V>> },
): PublicEventType<D, V> {
  const { shows, ...type } = definition;
  return { ...type, example: { ...type.object.example, ...shows } };
}

/** Why clients are not told of an event of a journal. */
export interface Unpublished {
  readonly because: string;
}
export const unpublished = (because: string): Unpublished => ({ because });

type DataOf<T, N> = Extract<EventOf<T>, { readonly type: N }>['data'];

/** What each event of a list tells clients: nothing, with a reason, or one thing or several. None can be left out. */
export type Publications<T extends AnyEventType> = {
  readonly [N in T['name']]: readonly PublicEventType<DataOf<T, N>>[] | Unpublished;
};

/** The events of a module with what they tell clients. */
export interface PublicEvents {
  readonly events: EventList<AnyEventType>;
  /** By the type of the event of the journal. */
  readonly told: Readonly<Record<string, readonly PublicEventType<object>[] | Unpublished>>;
}

export function publicEvents<T extends AnyEventType>(
  events: EventList<T>,
  told: Publications<NoInfer<T>>,
): PublicEvents {
  return { events, told: told as PublicEvents['told'] };
}
