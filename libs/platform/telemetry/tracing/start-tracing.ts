import type { TracingConfig } from '@fintech-ledger/config';
import type { Sampler, SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import process from 'node:process';
import { meterProvider } from '../meter';
import { setTracer } from './tracer';
import { WatchedExporter } from './watched-exporter';
import type { TracingLog } from './watched-exporter';

/** How long `stopTracing` waits for a collector. */
const flushMs = 3_000;
/** It has ended so long before whoever waits for it gives up. */
const marginMs = 100;
/** The name of the instrumentation scope. */
const scope = 'fintech-ledger';

let provider: TracerProvider | undefined;

export interface TracingOptions {
  /** Absent: nothing is traced, and nothing of the SDK is loaded. */
  readonly config: TracingConfig | undefined;
  /** What this process, or thread, is called in traces. */
  readonly serviceName: string;
  readonly log: TracingLog;
}

/**
 * Begins to trace this process, or thread: each has its own provider. Spans wait in a bounded queue and are sent in the background: without a collector they
 * are dropped, and nothing else happens.
 */
export async function startTracing({ config, serviceName, log }: TracingOptions): Promise<void> {
  if (config === undefined) return;
  const sdk = await import('@opentelemetry/sdk-trace');
  const exporter = new WatchedExporter(await otlpExporter(config), log);
  await install(config, serviceName, [
    new sdk.BatchSpanProcessor({
      exporter,
      maxQueueSize: config.queueSpansMax,
      maxExportBatchSize: config.batchSpansMax,
      scheduledDelayMillis: config.lingerMs,
      // How many spans wait, were sent and were dropped is told with the other metrics.
      selfObsMeterProvider: meterProvider,
    }),
  ]);
}

/** Sends what still waits, for at most three seconds. */
export async function stopTracing(withinMs = flushMs): Promise<void> {
  const stopping = provider;
  provider = undefined;
  setTracer(undefined);
  if (stopping === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs - marginMs)));
  // Whatever can't be sent was told by the exporter.
  await Promise.race([stopping.shutdown().catch(() => undefined), tooLate]);
  clearTimeout(timer);
}

/** @param processors the first one sees every span first */
export async function install(
  config: Pick<TracingConfig, 'sampler' | 'ratio' | 'resource'>,
  serviceName: string,
  processors: NonNullable<ConstructorParameters<typeof TracerProvider>[0]>['spanProcessors'] & object,
): Promise<void> {
  if (provider !== undefined) throw new Error('this process is traced already');
  const sdk = await import('@opentelemetry/sdk-trace');
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources');
  provider = new sdk.TracerProvider({
    sampler: samplerOf(sdk, config),
    spanProcessors: processors,
    resource: defaultResource().merge(
      resourceFromAttributes({
        'host.name': os.hostname(),
        'process.pid': process.pid,
        'service.instance.id': randomUUID(),
        ...config.resource,
        'service.name': serviceName,
      }),
    ),
  });
  setTracer(provider.getTracer(scope));
}

type Sdk = typeof import('@opentelemetry/sdk-trace');

function samplerOf(
  { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler }: Sdk,
  { sampler, ratio }: Pick<TracingConfig, 'sampler' | 'ratio'>,
): Sampler {
  const name = sampler.replace('parentbased_', '');
  const root =
    name === 'always_on'
      ? new AlwaysOnSampler()
      : name === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return name === sampler ? root : new ParentBasedSampler({ root });
}

async function otlpExporter({ protocol, url }: TracingConfig): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url });
}
