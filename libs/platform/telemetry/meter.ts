import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { PullReader } from './metric-reader';

const reader = new PullReader();
/** What every metric of this process is collected by. */
export const meterProvider = new MeterProvider({ readers: [reader] });
const serializer = new PrometheusSerializer('', false, undefined, true, true);

/** Where every instrument of this process comes from. */
export const meter = meterProvider.getMeter('fintech-ledger');

/** All metrics of this process in Prometheus' text format 0.0.4. Never throws: a gauge that fails is left out. */
export async function renderPrometheus(): Promise<string> {
  const { resourceMetrics } = await reader.collect();
  return serializer.serialize(resourceMetrics);
}
