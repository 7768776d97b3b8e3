/** Positions of the event tables, which are whole numbers without holes: `after` exclusive, `until` inclusive. */
export interface Stretch {
  /** Null: from the beginning. */
  readonly after: string | null;
  readonly until: string;
}

/**
 * All positions up to the end, shared out evenly among so many fillers: the rows of a stretch are written whatever its
 * length, so there are no more of them than it takes for all to end at once.
 * @param limits events of a stretch; the last one may have fewer
 */
export function* stretchesOf(
  after: string | null,
  end: string,
  { fillers, least, most }: { readonly fillers: number; readonly least: number; readonly most: number },
): Generator<Stretch, undefined> {
  const left = Number(end) - Number(after ?? 0);
  const rounds = Math.ceil(left / (fillers * most));
  const length = Math.max(least, Math.ceil(left / (fillers * rounds)));
  for (let from = after; Number(from ?? 0) < Number(end);) {
    const until = String(Math.min(Number(end), Number(from ?? 0) + length));
    yield { after: from, until };
    from = until;
  }
  return undefined;
}
