import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace';
import { install, stopTracing } from './start-tracing';
import type { SpanAttributes, SpanStart } from './tracer';

/** A span that has ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanStart['kind'];
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: SpanAttributes;
  readonly isError: boolean;
  /** What this process calls itself. */
  readonly serviceName: unknown;
  readonly tracestate: string | undefined;
}

export interface SpanRecording {
  /** In the order in which they ended. */
  spans(): readonly RecordedSpan[];
  clear(): void;
  stop(): Promise<void>;
}

/** Traces this process into its memory: for tests. */
export async function recordSpans(
  sampling: Partial<Parameters<typeof install>[0]> = {},
): Promise<SpanRecording> {
  const sdk = await import('@opentelemetry/sdk-trace');
  const exporter: InMemorySpanExporter = new sdk.InMemorySpanExporter();
  const processor = new sdk.SimpleSpanProcessor({ exporter });
  await install({ sampler: 'parentbased_always_on', ratio: 1, resource: {}, ...sampling }, 'test', [
    processor,
  ]);
  return {
    spans: () => exporter.getFinishedSpans().map(recorded),
    clear: () => exporter.reset(),
    stop: stopTracing,
  };
}

function recorded(span: ReadableSpan): RecordedSpan {
  const { traceId, spanId, traceState } = span.spanContext();
  return {
    name: span.name,
    kind: SpanKind[span.kind].toLowerCase() as SpanStart['kind'],
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
    attributes: span.attributes,
    isError: span.status.code === SpanStatusCode.ERROR,
    serviceName: span.resource.attributes['service.name'],
    tracestate: traceState?.serialize(),
  };
}
