/**
 * A bounded cache that keeps what was used lately, at the cost of one map look-up: entries live in a young and an old generation; use
 * moves them to the young one, and when that is full the old one is dropped. Holds between half of `entriesMax` and `entriesMax`.
 */
export class GenerationalCache<V> {
  private young = new Map<string, V>();
  private old = new Map<string, V>();
  private hasEvicted = false;

  constructor(private readonly entriesMax: number) {}

  get(key: string): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const aged = this.old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: string, value: V): void {
    this.young.set(key, value);
    if (this.young.size <= this.entriesMax / 2) return;
    this.hasEvicted ||= this.old.size > 0;
    this.old = this.young;
    this.young = new Map();
  }

  delete(key: string): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** False as long as nothing that was put in has been dropped. */
  get isLossy(): boolean {
    return this.hasEvicted;
  }
}
