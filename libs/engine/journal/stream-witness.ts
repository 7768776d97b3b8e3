import { StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import { WriterUnavailable } from './gateway';

/** How long a client should wait before it asks again: somebody has to look first. */
const retryAfterSeconds = 30;

/** A stream is not written: the event store does not have what is known of it. Checkpoints and read models stay. */
export class StreamRefused extends WriterUnavailable {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, retryAfterSeconds, { ...options, isFinal: true });
  }
}

export interface WitnessOptions {
  /** What is wrong with a stream in the store; undefined: nothing is. */
  readonly problemOf: (stream: string) => Promise<string | undefined>;
  /** Told why a writer was not loaded. */
  readonly onRefused: (stream: string, error: StreamRefused) => void;
}

/**
 * Sees to it that streams are written only while the store has what others know of them: what is missing there is lost
 * with the first append.
 */
export class StreamWitness {
  constructor(private readonly options: WitnessOptions) {}

  /** Loads the writer, unless something is wrong with its stream. @throws StreamRefused */
  async load(stream: string, writer: { load(): Promise<void> }): Promise<void> {
    const reason = await this.options.problemOf(stream);
    if (reason !== undefined) throw this.refusal(stream, reason);
    await writer.load().catch((error: unknown) => {
      if (error instanceof StreamGone || error instanceof StreamTruncated)
        throw this.refusal(stream, error.message, error);
      throw error;
    });
  }

  /** Stops the writer when something is wrong by now. */
  async recheck(
    stream: string,
    writer: { readonly isStopped: boolean; stop(reason: Error): void },
  ): Promise<void> {
    if (writer.isStopped) return;
    const reason = await this.options.problemOf(stream);
    if (reason !== undefined) writer.stop(new StreamRefused(reason));
  }

  private refusal(stream: string, reason: string, cause?: unknown): StreamRefused {
    const refusal = new StreamRefused(reason, { cause });
    this.options.onRefused(stream, refusal);
    return refusal;
  }
}
