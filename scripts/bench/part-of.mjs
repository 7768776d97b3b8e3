/** A store that has only these events, at the revisions that they carry. */
export function partOf(events) {
  return {
    subscribe({ batchEventsMax = 2_000 }) {
      let isClosed = false;
      let wake = /** @type {(nothing?: unknown) => void} */ (() => undefined);
      return {
        async *[Symbol.asyncIterator]() {
          for (let i = 0; i < events.length && !isClosed; i += batchEventsMax)
            yield events.slice(i, i + batchEventsMax);
          if (!isClosed) await new Promise((resolve) => (wake = resolve));
        },
        async close() {
          isClosed = true;
          wake();
        },
      };
    },
    countAfter: async () => 0,
  };
}
