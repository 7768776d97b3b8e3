// Maps for what a process remembers as long as it runs.
/**
 * A map of at most `max` entries that keeps what was used lately, at the cost of one look-up: entries live in a young
 * and an old generation; use moves them to the young one, and when that has its half of `max` the old one is dropped.
 * So the `max / 2` that were used last are always there.
 */
export class BoundedMap<K, V extends NonNullable<unknown>> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  private hasForgotten = false;

  constructor(private readonly max: number) {}

  get(key: K): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const aged = this.old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: K, value: V): void {
    this.young.set(key, value);
    if (this.young.size <= this.max / 2) return;
    this.hasForgotten ||= this.old.size > 0;
    this.old = this.young;
    this.young = new Map();
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }

  /** An entry that was used again counts twice until the old ones are dropped. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  /** False as long as nothing that was put in has been dropped, nor can be by the next use of an entry. */
  get isLossy(): boolean {
    return this.hasForgotten || this.old.size > 0;
  }

  /** A copy, so that it may be changed meanwhile. */
  pairs(): readonly (readonly [K, V])[] {
    return [...new Map([...this.old, ...this.young])];
  }
}

/**
 * A pure function that remembers what it gave for the keys that were asked for lately.
 * @param max how many of them
 */
export function remembered<K, V>(max: number, make: (key: K) => V): (key: K) => V {
  const known = new BoundedMap<K, { readonly value: V }>(max);
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}

interface Box<V> {
  value: V | undefined;
}

/**
 * A map of what comes and goes all the time, such as requests under way. A plain Map is copied whenever as many entries
 * have come as it has room for. Once the copy that is left behind is old, what it held at that moment is kept until the
 * whole heap is collected, and with it all that this refers to. Of this one only empty boxes are kept.
 */
export class TransientMap<K extends string | number, V> {
  private readonly boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.boxes.size;
  }

  get(key: K): V | undefined {
    return this.boxes.get(key)?.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.boxes.set(key, { value });
  }

  /** Returns what was there. */
  delete(key: K): V | undefined {
    const box = this.boxes.get(key);
    if (box === undefined) return undefined;
    const { value } = box;
    box.value = undefined;
    this.boxes.delete(key);
    return value;
  }

  /** A copy, so that it may be changed meanwhile. */
  entries(): readonly (readonly [K, V])[] {
    return [...this.boxes].map(([key, { value }]) => [key, value as V]);
  }

  values(): readonly V[] {
    return [...this.boxes.values()].map(({ value }) => value as V);
  }
}

/** Where something is in a `TransientList`. */
export interface ListPlace<V> {
  /** Undefined: it was taken out. */
  value: V | undefined;
  before: ListPlace<V> | undefined;
  after: ListPlace<V> | undefined;
}

/**
 * As a `TransientMap`, for what nobody looks up: who puts something in gets its place, and takes it out there. What was
 * taken out refers to nothing any more, wherever it is.
 */
export class TransientList<V extends NonNullable<unknown>> {
  size = 0;
  private first: ListPlace<V> | undefined;
  private last: ListPlace<V> | undefined;

  add(value: V): ListPlace<V> {
    const place: ListPlace<V> = { value, before: this.last, after: undefined };
    if (this.last === undefined) this.first = place;
    else this.last.after = place;
    this.last = place;
    this.size += 1;
    return place;
  }

  /** Takes it out, once; returns what was there. */
  take(place: ListPlace<V>): V | undefined {
    const { value, before, after } = place;
    if (value === undefined) return undefined;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    this.size -= 1;
    place.value = place.before = place.after = undefined;
    return value;
  }

  /** A copy, in the order in which they came, so that it may be changed meanwhile. */
  places(): readonly ListPlace<V>[] {
    const places: ListPlace<V>[] = [];
    for (let place = this.first; place !== undefined; place = place.after) places.push(place);
    return places;
  }

  values(): readonly V[] {
    return this.places().map(({ value }) => value as V);
  }
}
