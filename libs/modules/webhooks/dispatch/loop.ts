import { messageOf } from '@fintech-ledger/contract';
import type { Logger } from '@fintech-ledger/logging';
import { Pause } from '@fintech-ledger/projection-runtime';

export interface LoopOptions {
  /** What it does, for the log: 'messages are made'. */
  readonly what: string;
  /** @returns whether there may be more at once */
  readonly round: (signal: AbortSignal) => Promise<boolean>;
  /** After a round that found nothing: at first, and at most, while nothing is found again. */
  readonly restMs: readonly [first: number, most: number];
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const failedMs = 1_000;

/** Does something again and again: at once while there is more, less and less often while there is nothing. */
export class Loop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly pause = new Pause();
  private isWoken = false;
  private reason: string | undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Why the last round failed. */
  get failing(): string | undefined {
    return this.reason;
  }

  /** There may be something to do. */
  wake(): void {
    this.isWoken = true;
    this.pause.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.pause.end();
    await this.running;
  }

  private async run(): Promise<void> {
    const { restMs, round } = this.options;
    const { signal } = this.stopping;
    const [first, most] = restMs;
    let pauseMs = first;
    while (!signal.aborted) {
      this.isWoken = false;
      try {
        const isMore = await round(signal);
        this.recovered();
        pauseMs = isMore ? 0 : Math.min(most, pauseMs === 0 ? first : pauseMs * 2);
      } catch (error) {
        this.failed(messageOf(error));
        await this.pause.forMs(failedMs);
        continue;
      }
      if (this.isWoken) pauseMs = 0;
      if (pauseMs > 0) await this.pause.forMs(pauseMs);
      if (this.isWoken) pauseMs = 0;
    }
  }

  private recovered(): void {
    if (this.reason === undefined) return;
    this.options.log.info({}, `webhooks: ${this.options.what} again`);
    this.reason = undefined;
  }

  private failed(reason: string): void {
    if (this.reason === undefined)
      this.options.log.warn({ reason }, `webhooks: it can't be that ${this.options.what}; it is tried again`);
    this.reason = reason;
  }
}
