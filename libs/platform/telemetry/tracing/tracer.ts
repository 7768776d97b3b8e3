import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import { formatTraceContext, isSampled, parseTraceContext } from './trace-context';
import type { TraceContext } from './trace-context';

/** Few and small: they travel with every span. Never an amount, an address, a key, or anything else that a client wrote. */
export type SpanAttributes = Attributes;

/** A span under way. It has to be ended once. */
export interface OpenSpan {
  /** What its children get as their parent. */
  readonly context: TraceContext;
  end(attributes?: SpanAttributes): void;
  /**
   * Ends it as failed. @param error of which only the name is kept (messages may hold amounts, addresses or what a client wrote); or a name
   */
  fail(error: unknown, attributes?: SpanAttributes): void;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Absent: it begins a trace. */
  readonly parent?: TraceContext | undefined;
  /** It begins or goes on with a trace as the sampler says. Otherwise there is a span only below a parent that is sampled. */
  readonly isEntry?: boolean;
  /** Places in other traces, as `traceparent`. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
  /** Milliseconds since 1970. Absent: now. */
  readonly startedAtMs?: number;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Their parent may be in another process. */
const remoteKinds: ReadonlySet<SpanStart['kind']> = new Set(['server', 'consumer', 'producer']);

let tracer: Tracer | undefined;

export function setTracer(next: Tracer | undefined): void {
  tracer = next;
}

/** Whether this process makes spans at all. To be asked first on hot paths: without tracing nothing else is done for it. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

/**
 * Starts a span; undefined when nothing is traced or this trace is not sampled. The context travels as an argument and in the messages
 * themselves, never in AsyncLocalStorage, which every await would pay for.
 */
export function startSpan(start: SpanStart): OpenSpan | undefined {
  if (tracer === undefined) return undefined;
  const { name, kind, isEntry = false, links = [], attributes = {}, startedAtMs } = start;
  const parent =
    start.parent === undefined ? undefined : parseTraceContext(start.parent, remoteKinds.has(kind));
  if (!isEntry && (start.parent === undefined || !isSampled(start.parent.traceparent))) return undefined;
  const span = tracer.startSpan(
    name,
    {
      kind: kinds[kind],
      attributes,
      links: links.flatMap((traceparent) => parseTraceContext({ traceparent }, true) ?? []).map(asLink),
      ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
    },
    parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
  );
  return span.isRecording() ? new RecordingSpan(span) : undefined;
}

const asLink = <T>(context: T): { readonly context: T } => ({ context });

class RecordingSpan implements OpenSpan {
  readonly context: TraceContext;

  constructor(private readonly span: Span) {
    this.context = formatTraceContext(span.spanContext());
  }

  end(attributes: SpanAttributes = {}): void {
    this.span.setAttributes(attributes);
    this.span.end();
  }

  fail(error: unknown, attributes: SpanAttributes = {}): void {
    const type = error instanceof Error ? error.name : typeof error === 'string' ? error : 'unknown';
    this.span.setAttributes({ ...attributes, 'error.type': type });
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}
