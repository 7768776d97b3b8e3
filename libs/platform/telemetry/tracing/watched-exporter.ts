import type { SpanExporter } from '@opentelemetry/sdk-trace';

type Export = Parameters<SpanExporter['export']>;

/** The part of a logger that tracing uses. */
export interface TracingLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** Says once that spans can't be sent, and once that they can again, however many requests that takes. */
export class WatchedExporter implements SpanExporter {
  private isFailing = false;

  constructor(
    private readonly inner: SpanExporter,
    private readonly log: TracingLog,
  ) {}

  export(spans: Export[0], done: Export[1]): void {
    this.inner.export(spans, (result) => {
      const isFailed = result.code !== 0;
      if (isFailed && !this.isFailing)
        this.log.warn({ reason: result.error?.message }, 'spans can not be sent and are dropped');
      if (!isFailed && this.isFailing) this.log.info({}, 'spans are sent again');
      this.isFailing = isFailed;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }
}
