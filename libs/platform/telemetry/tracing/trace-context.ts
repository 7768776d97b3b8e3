import { createTraceState, isSpanContextValid, TraceFlags } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';

/** A place in a trace, as W3C Trace Context writes it: https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  readonly traceparent: string;
  /** What the tracing systems that took part keep for themselves. */
  readonly tracestate?: string;
}

/** Version 00, or the beginning that every later version has. */
const pattern = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The parts of a `traceparent`; undefined when it is not one, and then, as the standard says, there is none. */
export function parseTraceContext(
  { traceparent, tracestate }: TraceContext,
  isRemote: boolean,
): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = pattern.exec(traceparent) ?? [];
  if (version === undefined || (version === '00' && rest !== undefined)) return undefined;
  const context: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(context) ? context : undefined;
}

/** Whether spans are made of what happens at this place: the flag `sampled`. */
export function isSampled(traceparent: string): boolean {
  const context = parseTraceContext({ traceparent }, false);
  return context !== undefined && context.traceFlags === TraceFlags.SAMPLED;
}

/** The trace of a place in it, 32 hexadecimal digits; undefined when it is not one. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : parseTraceContext({ traceparent }, false)?.traceId;
}

/** The same place with the flag `sampled` removed: what comes after it belongs to the trace, and makes no spans. */
export function unsampled<T extends TraceContext>(context: T): T {
  return { ...context, traceparent: context.traceparent.replace(/-[0-9a-f]{2}$/, '-00') };
}

export function formatTraceContext({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize() ?? '';
  return tracestate === '' ? { traceparent } : { traceparent, tracestate };
}
