import { BrokenInvariant, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { hash } from 'node:crypto';
import { answerAgain } from './answer-again';
import type { AwaitedOutcome, Batch, Pending } from './batch';
import type { BatchQueue } from './batch-queue';
import type { KeyRecord } from './checkpoint-store';
import { deriveKey } from './derive-key';
import type { DomainEvent, DomainRecord } from './domain';
import { AnswerUnavailable, CommandOutcomeUnknown } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { inTime } from './in-time';
import { idempotencyKeyReused } from './refusals';
import { saidRevision } from './trying';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterState } from './writer-state';

interface KeyParts<C, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly batches: Pick<BatchQueue<C, R>, 'withKey'>;
  readonly refuse: (pending: Pending<C>, refusal: Refusal) => void;
  /** It is answered once a call has ended. */
  readonly awaits: (pending: Pending<C>, awaited: AwaitedOutcome) => void;
  /** What was read contradicts what is known: the writer must not go on. */
  readonly broken: (error: BrokenInvariant) => void;
}

/** Idempotency keys that were seen before, and the answers to the commands that come with them again. */
export class KnownKeys<C, E extends DomainEvent, R extends DomainRecord> {
  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: KeyParts<C, R>,
    private readonly limits: JournalLimits,
  ) {}

  /** A batch was stored: its keys are found in the state from now on. */
  stored(batch: Batch<C, R>): void {
    for (const [key, { record }] of batch.keys) this.parts.state.confirmKey(key, record);
  }

  /** Answers a command whose key was seen before; false: it was not. */
  answer(pending: Pending<C>): boolean {
    const { idempotencyKey } = pending.envelope;
    if (idempotencyKey === undefined) return false;
    const batch = this.parts.batches.withKey(idempotencyKey);
    const decided = batch?.keys.get(idempotencyKey);
    if (batch && decided) {
      if (this.refuseReused(pending, idempotencyKey, decided.record)) return true;
      const outcome = (): CommandOutcome => this.replayedOutcome(decided.waiting.outcome());
      const { awaited: first } = decided.waiting;
      batch.waiting.push({
        pending,
        outcome,
        isReplay: true,
        ...(first && { awaited: { ...first, isReplay: true } }),
      });
      return true;
    }
    const known = this.parts.state.keyRecord(idempotencyKey);
    if (!known) return false;
    if (!this.refuseReused(pending, idempotencyKey, known)) void this.replay(pending, known);
    return true;
  }

  /** Refuses a command whose key is another one's; false: it is not. */
  private refuseReused(pending: Pending<C>, key: string, { requestHash }: KeyRecord): boolean {
    if (this.isSame(requestHash, pending.envelope.requestHash ?? '')) return false;
    this.parts.refuse(pending, reusedKey(key));
    return true;
  }

  private isSame(kept: string, asked: string): boolean {
    return this.deps.requestHashes?.isSame(kept, asked) ?? kept === asked;
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
      if ('awaited' in first) return this.parts.awaits(pending, first.awaited);
      this.deps.observer.replayed(this.stream);
      pending.resolve({
        kind: 'accepted',
        ...first,
        revision: asRevision(saidRevision(this.deps, known.lastRevision)),
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

const version = 'k1.';
/** Stands for the hash of personal fields whose key is destroyed: nobody can make it again. */
export const erasedFields = 'erased';

/**
 * What is kept of requests beside their idempotency keys. Anyone who has the events could guess a request back from a
 * plain hash, so what is kept is keyed, with a key that is in no event.
 *
 * The hash of a request is one part of 64 hexadecimal digits, or two with a dot between them: the second one is of its
 * personal fields as they are sealed with their subject's key. Once that is destroyed a repetition has `erased` there,
 * and the first part alone decides.
 */
export class RequestHashes {
  private readonly key: string;

  constructor(pepper: string) {
    this.key = deriveKey(pepper, 'request-hash/1', 32).toString('hex');
  }

  /** The command with what is kept of its request. */
  of<C>(envelope: CommandEnvelope<C>): CommandEnvelope<C> {
    const { requestHash } = envelope;
    return requestHash === undefined ? envelope : { ...envelope, requestHash: this.keyed(requestHash) };
  }

  /**
   * What is kept. SHA-256 of the key and the hash: what is hashed has one length, so this is as good as an HMAC, and
   * costs a fifth of it.
   */
  keyed(requestHash: string): string {
    const dot = requestHash.indexOf('.');
    if (dot < 0) return version + this.ofPart(requestHash);
    const second = requestHash.slice(dot + 1);
    const kept = second === erasedFields ? erasedFields : this.ofPart(second);
    return `${version}${this.ofPart(requestHash.slice(0, dot))}.${kept}`;
  }

  /** Whether a request is the one that was kept. @param kept keyed, or plain, as earlier versions kept it */
  isSame(kept: string, keyed: string): boolean {
    if (kept === keyed) return true;
    const known = kept.startsWith(version) || kept === '' ? kept : this.keyed(kept);
    if (known === keyed) return true;
    return (
      keyed.endsWith(`.${erasedFields}`) &&
      known.slice(0, known.indexOf('.', version.length)) === firstOf(keyed)
    );
  }

  private ofPart(part: string): string {
    return hash('sha256', this.key + part, 'hex');
  }
}

const firstOf = (keyed: string): string => keyed.slice(0, -erasedFields.length - 1);
