export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Where spans go and which traces make any, in OpenTelemetry's own variables. */
export interface TracingConfig {
  /** OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or OTEL_EXPORTER_OTLP_ENDPOINT with `/v1/traces` after it. */
  readonly url: string;
  /** OTEL_EXPORTER_OTLP_TRACES_PROTOCOL, or OTEL_EXPORTER_OTLP_PROTOCOL. */
  readonly protocol: 'http/protobuf' | 'http/json';
  /** OTEL_TRACES_SAMPLER */
  readonly sampler: (typeof samplers)[number];
  /** OTEL_TRACES_SAMPLER_ARG: the share of traces, 0 to 1, that the samplers with `ratio` in their name take. */
  readonly ratio: number;
  /** OTEL_RESOURCE_ATTRIBUTES: what else is said of this process, besides its name. */
  readonly resource: Readonly<Record<string, string>>;
  /** OTEL_BSP_MAX_QUEUE_SIZE: spans that wait to be sent; one more is dropped. */
  readonly queueSpansMax: number;
  /** OTEL_BSP_MAX_EXPORT_BATCH_SIZE: spans of one request to the collector. */
  readonly batchSpansMax: number;
  /** OTEL_BSP_SCHEDULE_DELAY: how long a batch waits to fill, milliseconds. */
  readonly lingerMs: number;
}
