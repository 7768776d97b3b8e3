const everyone = (): boolean => true;

/**
 * What waits, in a line for each owner: owners come in turns, and what is one owner's in the order in which it came.
 */
export class OwnerLines<T> {
  /** Whose turn is next comes first. */
  private readonly lines = new Map<string, T[]>();

  get isEmpty(): boolean {
    return this.lines.size === 0;
  }

  countOf(owner: string): number {
    return this.lines.get(owner)?.length ?? 0;
  }

  put(owner: string, item: T): void {
    const line = this.lines.get(owner);
    if (line === undefined) this.lines.set(owner, [item]);
    else line.push(item);
  }

  /** It waits no more. */
  remove(owner: string, item: T): void {
    const line = this.lines.get(owner) ?? [];
    const place = line.indexOf(item);
    if (place >= 0) line.splice(place, 1);
    if (line.length === 0) this.lines.delete(owner);
  }

  /** The first one of the next owner who may have a turn; the owner waits for another one after all others. */
  take(
    mayHave: (owner: string) => boolean = everyone,
  ): { readonly owner: string; readonly item: T } | undefined {
    for (const [owner, line] of this.lines) {
      if (!mayHave(owner)) continue;
      this.lines.delete(owner);
      const item = line.shift() as T;
      if (line.length > 0) this.lines.set(owner, line);
      return { owner, item };
    }
    return undefined;
  }
}
