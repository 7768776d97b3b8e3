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
