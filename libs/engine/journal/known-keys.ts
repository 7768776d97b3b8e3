import { BrokenInvariant, refuse, TransientMap } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { answerAgain } from './answer-again';
import type { Batch, Pending, Waiting } from './batch';
import type { KeyRecord } from './checkpoint-store';
import type { DomainEvent, DomainRecord } from './domain';
import { AnswerUnavailable, CommandOutcomeUnknown } from './gateway';
import type { CommandOutcome } from './gateway';
import { inTime } from './in-time';
import { idempotencyKeyReused } from './refusals';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterState } from './writer-state';

interface SpeculativeKey<C, R extends DomainRecord> {
  readonly requestHash: string;
  readonly batch: Batch<C, R>;
  readonly waiting: Waiting<C>;
}

interface KeyParts<C, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly refuse: (pending: Pending<C>, refusal: Refusal) => void;
  /** What was read contradicts what is known: the writer must not go on. */
  readonly broken: (error: BrokenInvariant) => void;
}

/** Idempotency keys that were seen before, and the answers to the commands that come with them again. */
export class KnownKeys<C, E extends DomainEvent, R extends DomainRecord> {
  /** Of commands that are decided and not yet stored. */
  private readonly speculative = new TransientMap<string, SpeculativeKey<C, R>>();

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: KeyParts<C, R>,
    private readonly limits: JournalLimits,
  ) {}

  /** A command under this key was decided into this batch. */
  note(key: string, record: KeyRecord, batch: Batch<C, R>, waiting: Waiting<C>): void {
    batch.keys.push([key, record]);
    this.speculative.set(key, { requestHash: record.requestHash, batch, waiting });
  }

  /** A batch was stored: its keys are found in the state from now on. */
  stored(batch: Batch<C, R>): void {
    for (const [key, record] of batch.keys) {
      this.parts.state.confirmKey(key, record);
      this.speculative.delete(key);
    }
  }

  /** What was decided and not stored is undone, but for one batch. */
  forget(except?: Batch<C, R>): void {
    for (const [key, { batch }] of this.speculative.entries())
      if (batch !== except) this.speculative.delete(key);
  }

  /** Answers a command whose key was seen before; false: it was not. */
  answer(pending: Pending<C>): boolean {
    const { idempotencyKey, requestHash = '' } = pending.envelope;
    if (idempotencyKey === undefined) return false;
    const speculative = this.speculative.get(idempotencyKey);
    if (speculative) {
      const outcome =
        speculative.requestHash === requestHash
          ? (): CommandOutcome => this.replayedOutcome(speculative.waiting.outcome())
          : (): CommandOutcome => ({ kind: 'refused', refusal: reusedKey(idempotencyKey) });
      speculative.batch.waiting.push({ pending, outcome, isReplay: true });
      return true;
    }
    const known = this.parts.state.keyRecord(idempotencyKey);
    if (!known) return false;
    if (known.requestHash !== requestHash) this.parts.refuse(pending, reusedKey(idempotencyKey));
    else void this.replay(pending, known);
    return true;
  }

  private replayedOutcome(first: CommandOutcome): CommandOutcome {
    this.deps.observer.replayed(this.stream);
    return first.kind === 'accepted' ? { ...first, replayed: true } : first;
  }

  private async replay(pending: Pending<C>, known: KeyRecord): Promise<void> {
    try {
      const reading = answerAgain(this.deps, pending.envelope, known, this.limits.catchUpEvents);
      const late = (): Error => new Error('the event store has not answered in time');
      const first = await inTime(reading, pending.envelope.deadline, late);
      this.deps.observer.replayed(this.stream);
      pending.resolve({
        kind: 'accepted',
        ...first,
        revision: asRevision(known.lastRevision),
        replayed: true,
      });
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof BrokenInvariant)) {
        const at = asRevision(known.lastRevision);
        // Fewer events than items: some were refused, or are in a later part, and only the events say which.
        const mayGoOn = (pending.items?.of ?? 0) > known.lastRevision - known.firstRevision + 1;
        const unread = mayGoOn
          ? new CommandOutcomeUnknown(message, { cause: error })
          : new AnswerUnavailable(this.stream, at, message, { cause: error });
        return pending.reject(unread);
      }
      pending.reject(new CommandOutcomeUnknown(message, { cause: error }));
      this.parts.broken(error);
    }
  }
}

function reusedKey(idempotencyKey: string): Refusal {
  return refuse(idempotencyKeyReused, `the idempotency key ${idempotencyKey} was used for another request`);
}
