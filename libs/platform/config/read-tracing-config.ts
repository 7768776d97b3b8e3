import type { EnvironmentReader } from './environment-reader';
import { samplers } from './tracing-config';
import type { TracingConfig } from './tracing-config';

const defaultEndpoint = 'http://localhost:4318';

/**
 * The variables OTEL_* that decide whether, what and where to; undefined: nothing is traced. How the requests to the collector are made (headers,
 * certificates, compression, timeout: OTEL_EXPORTER_OTLP_*) the exporter reads on its own.
 */
export function readTracingConfig(reader: EnvironmentReader): TracingConfig | undefined {
  const endpoint = reader.absoluteUrl('OTEL_EXPORTER_OTLP_ENDPOINT');
  const tracesEndpoint = reader.absoluteUrl('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const protocols = ['http/protobuf', 'http/json'] as const;
  const protocol = reader.oneOf('OTEL_EXPORTER_OTLP_PROTOCOL', protocols, 'http/protobuf');
  const isGiven = (endpoint ?? tracesEndpoint) !== undefined;
  const exporter = reader.oneOf('OTEL_TRACES_EXPORTER', ['otlp', 'none'], isGiven ? 'otlp' : 'none');
  const queueSpansMax = reader.integer('OTEL_BSP_MAX_QUEUE_SIZE', 2_048, 1, 1_000_000);
  const config: TracingConfig = {
    url: tracesEndpoint ?? `${(endpoint ?? defaultEndpoint).replace(/\/$/, '')}/v1/traces`,
    protocol: reader.oneOf('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', protocols, protocol),
    sampler: reader.oneOf('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on'),
    ratio: reader.ratio('OTEL_TRACES_SAMPLER_ARG', 1),
    resource: reader.keyValues('OTEL_RESOURCE_ATTRIBUTES'),
    queueSpansMax,
    batchSpansMax: reader.integer(
      'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
      Math.min(512, queueSpansMax),
      1,
      queueSpansMax,
    ),
    lingerMs: reader.integer('OTEL_BSP_SCHEDULE_DELAY', 5_000, 1, 3_600_000),
  };
  // As the standard says: anything but "true" is false.
  const isDisabled = reader.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  return isDisabled || exporter === 'none' ? undefined : config;
}
