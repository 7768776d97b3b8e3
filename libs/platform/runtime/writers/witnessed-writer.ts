import { StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import type { OpenWriter } from '@fintech-ledger/journal';

/** How long a client should wait before it asks again: somebody has to look first. */
const retryAfterSeconds = 30;

/** A stream is not written, because the event store does not have what is known of it. Checkpoints and read models stay. */
export class StreamRefused extends WriterUnavailable {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, retryAfterSeconds, { ...options, isFinal: true });
  }
}

export interface WitnessedWriter extends OpenWriter {
  /** Stops the writer when something is wrong by now. */
  recheck(): Promise<void>;
}

/**
 * A writer that is loaded only when the store has what others know of its stream: what is missing there is lost with the first append.
 * @param problem asked before each load; undefined: nothing is wrong
 * @param refused told why it was not loaded
 */
export function witnessedWriter(
  writer: OpenWriter & { stop(reason: Error): void },
  problem: () => Promise<string | undefined>,
  refused: (error: StreamRefused) => void,
): WitnessedWriter {
  let refusal: StreamRefused | undefined;
  const refuse = (reason: string, cause?: unknown): StreamRefused => {
    refusal = new StreamRefused(reason, { cause });
    refused(refusal);
    return refusal;
  };
  return {
    get isStopped() {
      return refusal !== undefined || writer.isStopped;
    },
    get isIdle() {
      return writer.isIdle;
    },
    async load() {
      const reason = await problem();
      if (reason !== undefined) throw refuse(reason);
      await writer.load().catch((error: unknown) => {
        if (error instanceof StreamGone || error instanceof StreamTruncated)
          throw refuse(error.message, error);
        throw error;
      });
    },
    async recheck() {
      if (refusal !== undefined || writer.isStopped) return;
      const reason = await problem();
      if (reason !== undefined) writer.stop(refuse(reason));
    },
    submit: (envelope) => (refusal === undefined ? writer.submit(envelope) : Promise.reject(refusal)),
    close: () => writer.close(),
  };
}
