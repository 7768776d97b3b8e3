import { messageOf } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerUnavailable, asUnavailable, CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';

export interface SubmitPatience {
  /** How long a command without a deadline looks for a writer that can take it. */
  readonly patienceMs: number;
  /** How long it rests between two attempts. */
  readonly retryMs?: number;
  /** What an attempt before these ended with: it may be written. */
  readonly before?: CommandOutcomeUnknown;
  /** Why no attempt should be made now, or undefined. */
  readonly hopeless?: () => WriterUnavailable | undefined;
  /** Whether no other attempt from here could do better than this failed one. Absent: as the error says. */
  readonly isOver?: (error: unknown) => boolean;
}

const usualRetryMs = 100;

/**
 * Tries a command until it is answered. What it may do next follows from what the attempts said:
 * - nothing was written (WriterUnavailable, StoreUnavailable): it is sent again;
 * - anything else that is thrown: it may be written. With an idempotency key (or as a dry run) it is sent again, because it can't take effect
 *   twice; without one that is the end;
 * - after an attempt that may be written, nobody is told that nothing was: neither by an error nor by a refusal, because the lost attempt may
 *   still reach the store.
 * @throws WriterUnavailable, CommandOutcomeUnknown, AnswerUnavailable
 */
export async function submitWithPatience(
  envelope: CommandEnvelope,
  attempt: () => Promise<CommandOutcome>,
  { patienceMs, retryMs = usualRetryMs, hopeless, isOver, before }: SubmitPatience,
): Promise<CommandOutcome> {
  const deadline = envelope.deadline ?? performance.now() + patienceMs;
  const isRepeatable = envelope.idempotencyKey !== undefined || envelope.dryRun === true;
  let unknown = before;
  if (unknown !== undefined && !isRepeatable) throw unknown;
  for (;;) {
    const reason = hopeless?.();
    if (reason !== undefined) throw unknown ?? reason;
    try {
      const outcome = await attempt();
      if (unknown === undefined || isCertain(outcome)) return outcome;
    } catch (error) {
      if (error instanceof AnswerUnavailable) throw error;
      if (!wroteNothing(error)) {
        unknown = asUnknown(error, unknown);
        if (!isRepeatable) throw unknown;
      }
      const isFinal = (error instanceof WriterUnavailable && error.isFinal) || isOver?.(error) === true;
      if (isFinal || performance.now() + retryMs > deadline) throw unknown ?? asUnavailable(error);
      await sleep(retryMs);
      continue;
    }
    throw unknown;
  }
}

/** Whether this answer can't be changed by an attempt that reaches the store late. */
function isCertain(outcome: CommandOutcome): boolean {
  if (outcome.kind === 'accepted' || outcome.revision !== undefined) return true;
  return outcome.refusal.code === 'idempotency_key_reused';
}

function wroteNothing(error: unknown): boolean {
  return error instanceof WriterUnavailable || error instanceof StoreUnavailable;
}

/** @param before what an earlier attempt is known to have booked stays known */
function asUnknown(error: unknown, before: CommandOutcomeUnknown | undefined): CommandOutcomeUnknown {
  const isUnknown = error instanceof CommandOutcomeUnknown;
  if (isUnknown && (error.booked !== undefined || before?.booked === undefined)) return error;
  const message = messageOf(error);
  return new CommandOutcomeUnknown(message, { cause: error, booked: before?.booked });
}

/** Whatever kept a command from its writer (a broken invariant, say), nothing of it was written. */
export function notReached(error: unknown): never {
  if (error instanceof WriterUnavailable || error instanceof StoreUnavailable) throw error;
  throw new WriterUnavailable(error instanceof Error ? error.message : 'the writer could not be loaded', 1, {
    cause: error,
  });
}
