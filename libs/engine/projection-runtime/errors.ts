import { messageOf } from '@fintech-ledger/contract';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { HaltCause, HaltCode } from './halt-codes';

type Place = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'type'>;
const named = ({ stream, revision, id, type }: Place): string => `${stream}@${revision} (${type}, ${id})`;

/** An event that can't be read: unknown type or version, changed, or not what its schema says. A person has to look. */
export class PoisonEvent extends Error implements HaltCause {
  override readonly name = 'PoisonEvent';
  readonly haltCode: HaltCode;
  constructor(
    readonly event: Place,
    reason: string,
    { haltCode = 'event_damaged', ...options }: ErrorOptions & Partial<HaltCause> = {},
  ) {
    super(`event ${named(event)}: ${reason}`, options);
    this.haltCode = haltCode;
  }
}

/** An event is missing before this one: the feed left it out, or the checkpoint was tampered with. */
export class GapFound extends Error implements HaltCause {
  override readonly name = 'GapFound';
  readonly haltCode = 'event_missing';
  constructor(
    readonly event: Place,
    /** The last revision that was applied; -1: none. */
    readonly applied: number,
  ) {
    super(
      `event ${named(event)} came after revision ${applied}: ${event.revision - applied - 1} missing before it`,
    );
  }
}

/** What to do when the store holds another history than the one that was applied. */
export const recoverAdvice =
  'the event store was put back to an older state, or its events were changed. Bring back the right store, or accept the one that is there with "ledgerctl recover"';

/** The store has another event than the one that was applied. */
export class JournalRewritten extends Error implements HaltCause {
  override readonly name = 'JournalRewritten';
  readonly haltCode = 'journal_rewritten';
  constructor(
    readonly event: Place,
    /** The last revision that was applied: what the store has there, or before it, is not what was applied. */
    readonly applied: number,
  ) {
    super(
      event.revision === applied
        ? `the journal was rewritten at ${applied}: event ${named(event)} is not the one that was applied there; ${recoverAdvice}`
        : `the journal was rewritten at ${Math.max(applied, 0)} or before: event ${named(event)} does not follow the one that was applied as ${applied}; ${recoverAdvice}`,
    );
  }
}

/** The store ends before what was applied. */
export class JournalShortened extends Error implements HaltCause {
  override readonly name = 'JournalShortened';
  readonly haltCode = 'journal_rewritten';
  constructor(
    readonly stream: string,
    readonly applied: number,
  ) {
    super(`the journal ${stream} has no event ${applied} any more, which was applied: ${recoverAdvice}`);
  }
}

/** Another projector has moved the checkpoint; nothing of this batch was written. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
}

/** So many streams have halted that it can't be the streams. */
export class TooManyHalted extends Error {
  override readonly name = 'TooManyHalted';
}

/** The rows of one projection could not be folded or written. */
export class WriteFailed extends Error implements HaltCause {
  override readonly name = 'WriteFailed';
  readonly haltCode = 'rows_contradict';
  constructor(
    readonly projection: string,
    cause: unknown,
  ) {
    super(`projection ${projection} could not write its rows`, { cause });
  }
}

/** What went wrong, as one line. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof WriteFailed) return `${cause.message}: ${reasonOf(cause.cause)}`;
  return messageOf(cause);
}
