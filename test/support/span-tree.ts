import type { RecordedSpan } from '../../libs/platform/telemetry';

/**
 * The spans of one trace below a parent as text, one line each, children indented below their parents in the order of their names. An attempt that
 * failed and was repeated is left out with what is below it: a busy machine may make a writer refuse a command that it takes a moment later.
 */
export function spanTree(
  spans: readonly RecordedSpan[],
  traceId: string,
  parentSpanId: string | undefined,
  depth = 0,
): readonly string[] {
  const siblings = spans.filter((span) => span.traceId === traceId && span.parentSpanId === parentSpanId);
  const succeeded = new Set(siblings.flatMap(({ isError, name }) => (isError ? [] : [name])));
  return siblings
    .filter(({ isError, name }) => !isError || !succeeded.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((span) => [
      `${'  '.repeat(depth)}${span.kind} ${span.name}`,
      ...spanTree(spans, traceId, span.spanId, depth + 1),
    ]);
}

/** Waits until there is a span like that, and gives it. @throws Error with what there is instead */
export async function untilSpan(
  spans: () => readonly RecordedSpan[],
  isWanted: (span: RecordedSpan) => boolean,
): Promise<RecordedSpan> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const found = spans().find(isWanted);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const names = spans().map(({ kind, name, traceId }) => `${traceId} ${kind} ${name}`);
  throw new Error(`the span did not come; there are:\n${names.join('\n')}`);
}
