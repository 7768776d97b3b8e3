export { instruments } from './instruments';
export type { CounterInstrument, GaugeInstrument, HistogramInstrument, Labels } from './instruments';
export { renderPrometheus } from './meter';
export { observeProcess } from './process-metrics';
export { currentTraceparent, withSpan } from './tracing';
