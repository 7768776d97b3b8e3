// What is around the gateway of an API's process, from the outside in: RememberingGateway, WriteWatch, unlessWrong.
import { organizationStream, streamOwner } from '@fintech-ledger/envelope';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { Acknowledged } from '@fintech-ledger/projection-runtime';

/** The gateway; what it accepts is remembered, so that queries of this process see it. */
export class RememberingGateway implements CommandGateway {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly acknowledged: Acknowledged,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const answer = this.gateway.submit(envelope);
    if (envelope.dryRun === true) return answer;
    return answer.then((outcome) => {
      if (outcome.kind === 'accepted') this.note(envelope, outcome.revision);
      return outcome;
    });
  }

  private note({ stream, organizationId }: CommandEnvelope, revision: number): void {
    if (stream === organizationStream(organizationId)) {
      this.acknowledged.organizations.note(organizationId, revision);
    } else this.acknowledged.ledgers.note(streamOwner(stream), revision);
  }
}

/** For so long nothing must have got through, so that one ledger's trouble among others that are written is none. */
const failingMs = 2_000;
/** A failure that is older says nothing of now: nobody may have sent a command since. */
const rememberedMs = 30_000;

/** The gateway, watched. It notices when nothing gets through any more, whatever the reason is and wherever it lies. */
export class WriteWatch implements CommandGateway {
  private failing: { readonly sinceMs: number; readonly lastMs: number; readonly reason: string } | undefined;

  constructor(
    private readonly gateway: CommandGateway,
    /** A monotonic clock. */
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const answer = this.gateway.submit(envelope);
    answer.then(
      (outcome) => {
        if (outcome.kind === 'accepted' && !outcome.replayed && envelope.dryRun !== true)
          this.failing = undefined;
      },
      (error: unknown) => {
        if (isNotWritten(error)) this.failed(error.message);
      },
    );
    return answer;
  }

  /** Why commands are not written; undefined when the last one was, or when there were none of late. */
  problem(): string | undefined {
    const nowMs = this.nowMs();
    const { failing } = this;
    if (failing === undefined || nowMs - failing.lastMs > rememberedMs) return undefined;
    if (nowMs - failing.sinceMs < failingMs) return undefined;
    return `The last command could not be written: ${failing.reason}.`;
  }

  private failed(reason: string): void {
    const nowMs = this.nowMs();
    const { failing } = this;
    const isLongAgo = failing === undefined || nowMs - failing.lastMs > rememberedMs;
    this.failing = { sinceMs: isLongAgo ? nowMs : failing.sinceMs, lastMs: nowMs, reason };
  }
}

function isNotWritten(error: unknown): error is Error {
  return (
    error instanceof StoreUnavailable ||
    error instanceof WriterUnavailable ||
    error instanceof CommandOutcomeUnknown
  );
}

/**
 * The gateway; refuses at once, rather than after a search for a writer, while the store is the wrong one.
 */
export function unlessWrong(
  gateway: CommandGateway,
  store: { readonly wrong: string | undefined },
): CommandGateway {
  return {
    submit(envelope) {
      const { wrong } = store;
      return wrong === undefined ? gateway.submit(envelope) : Promise.reject(new StoreUnavailable(wrong));
    },
  };
}
