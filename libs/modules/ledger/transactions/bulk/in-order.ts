/** How much work may be under way at once. */
export interface InFlightLimits {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

interface Work {
  readonly bytes: number;
  readonly done: Promise<void>;
  result: string | undefined;
}

/** Results handed on in one piece, at most. */
const pieceLengthMax = 65_536;

/**
 * Works on items as they come, many at once, and yields the results in the items' order, each as soon as it and all before it are there. Stops taking
 * items while `limits` are reached, which holds back whoever sends them; and while nobody takes the results, the limits are reached.
 * @param work must not reject
 */
export async function* inOrder<T extends { readonly size: number }>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<string>,
  limits: InFlightLimits,
): AsyncGenerator<string> {
  const queue: Work[] = [];
  const state = { bytes: 0, hasEnded: false, isStopped: false };
  let failure: unknown;
  let wakeTaker = (): void => undefined;
  let wakeFeeder = (): void => undefined;

  const isFull = (): boolean =>
    queue.length >= limits.itemsMax || (queue.length > 0 && state.bytes >= limits.bytesMax);
  const feed = async (): Promise<void> => {
    for await (const item of items) {
      const entry: Work = {
        bytes: item.size,
        result: undefined,
        done: work(item).then((result) => {
          entry.result = result;
        }),
      };
      queue.push(entry);
      state.bytes += entry.bytes;
      wakeTaker();
      while (isFull() && !state.isStopped) await new Promise<void>((resolve) => (wakeFeeder = resolve));
      if (state.isStopped) return;
    }
  };
  const fed = feed()
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      state.hasEnded = true;
      wakeTaker();
    });

  try {
    for (;;) {
      const [head] = queue;
      if (head === undefined) {
        if (state.hasEnded) break;
        await new Promise<void>((resolve) => (wakeTaker = resolve));
        continue;
      }
      await head.done;
      yield take(queue, state);
      wakeFeeder();
    }
    await fed;
    if (failure !== undefined) throw failure;
  } finally {
    state.isStopped = true;
    wakeFeeder();
  }
}

/** All results from the head that are there, in one piece. */
function take(queue: Work[], state: { bytes: number }): string {
  let piece = '';
  while (queue[0]?.result !== undefined && piece.length < pieceLengthMax) {
    piece += `${queue[0].result}\n`;
    state.bytes -= queue[0].bytes;
    queue.shift();
  }
  return piece;
}
