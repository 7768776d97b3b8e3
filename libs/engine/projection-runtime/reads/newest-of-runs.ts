/** A row of a read model that stands for revisions side by side in one stream, all of one time. */
export interface RunRow {
  readonly recorded_ms: string;
  readonly stream_key: string;
  readonly first: string;
  readonly last: string;
}

interface RunPlace {
  readonly recordedMs: number;
  readonly streamKey: number;
  readonly revision: number;
}

/** What is in a run. `Order`: what of a place says where it stands. */
export interface RunPlaces<Run extends RunRow, Place extends Order, Order extends RunPlace> {
  placeOf(run: Run, at: RunPlace): Place;
  /** By time, then by the key of the stream, then as the list has it; below zero: `a` comes first, the oldest. */
  compare(a: Order, b: Order): number;
}

/**
 * The newest places of runs that come after a place, newest first, `count` at most. Of runs that are older than these
 * nothing is looked at: each may stand for thousands.
 */
export function newestOfRuns<Run extends RunRow, Place extends Order, Order extends RunPlace>(
  runs: readonly Run[],
  count: number,
  of: RunPlaces<Run, Place, Order>,
  after?: Order,
): readonly Place[] {
  const newestFirst = runs
    .map((run) => ({ run, recordedMs: Number(run.recorded_ms), streamKey: Number(run.stream_key) }))
    .sort((a, b) => b.recordedMs - a.recordedMs || b.streamKey - a.streamKey);
  const places: Place[] = [];
  for (let from = 0; from < newestFirst.length && places.length < count;) {
    const to = endOfMoment(newestFirst, from);
    // Runs of one stream and one time lie between each other.
    const all = newestFirst.slice(from, to).flatMap((read) => placesIn(read, count, of, after));
    places.push(...all.sort((a, b) => of.compare(b, a)).slice(0, count - places.length));
    from = to;
  }
  return places;
}

type Moment = Omit<RunPlace, 'revision'>;

function endOfMoment(moments: readonly Moment[], from: number): number {
  let to = from + 1;
  while (isSame(moments[from], moments[to])) to += 1;
  return to;
}

const isSame = (a: Moment | undefined, b: Moment | undefined): boolean =>
  a?.recordedMs === b?.recordedMs && a?.streamKey === b?.streamKey;

function placesIn<Run extends RunRow, Place extends Order, Order extends RunPlace>(
  { run, recordedMs, streamKey }: Moment & { readonly run: Run },
  count: number,
  of: RunPlaces<Run, Place, Order>,
  after: Order | undefined,
): readonly Place[] {
  const places: Place[] = [];
  const [first, last] = [Number(run.first), Number(run.last)];
  const isCut = after?.recordedMs === recordedMs && after.streamKey === streamKey;
  const newest = isCut ? Math.min(last, after.revision) : last;
  for (let revision = newest; revision >= first && places.length < count; revision -= 1) {
    const place = of.placeOf(run, { recordedMs, streamKey, revision });
    if (after === undefined || of.compare(place, after) < 0) places.push(place);
  }
  return places;
}
