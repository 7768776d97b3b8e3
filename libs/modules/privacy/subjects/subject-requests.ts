import { unavailable } from '@fintech-ledger/http/base';
import { idempotencyKeyReused, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandOutcome } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownSubject, Lookup, SubjectClaim, SubjectKeys, SubjectKind } from './subject-keys';

/** How long it waits before it tries again to destroy a key, milliseconds. */
const triesAgainMs = [50, 250, 1_000];

/** Requests that make a data subject of a kind, or change what is personal of one. */
export class SubjectRequests {
  constructor(
    private readonly keys: SubjectKeys,
    private readonly kind: SubjectKind,
  ) {}

  /** Of the subject that a request is to make; a dry run keeps nothing. @param id by `newId` or `idOf` */
  async newSubject(id: string, { dryRun, organizationId }: CommandContext): Promise<SubjectClaim> {
    if (!dryRun) return this.keys.claim(organizationId, id, this.kind);
    const known = (await this.keys.select(organizationId, [id])).get(id);
    return { ...this.of(organizationId, known ?? this.keys.trial(id)), isNew: known === undefined };
  }

  /** Of a subject that there is. */
  of(organizationId: string, subject: KnownSubject): SubjectClaim {
    return this.keys.claimOf(organizationId, subject, this.kind);
  }

  /**
   * What the request makes stands once its event does, and goes where it is refused; should this process die before
   * that, `AbandonedClaims` asks what came of it. A repetition of which the key is new says that the one of its event
   * was lost: no other key opens what that sealed.
   */
  async settled<T extends { readonly outcome: CommandOutcome }>(
    claim: SubjectClaim,
    lookups: readonly Lookup[],
    { dryRun }: CommandContext,
    submit: () => Promise<T>,
  ): Promise<T> {
    if (dryRun) return submit();
    await this.keys.note(claim, lookups);
    const answered = await submit();
    const { outcome } = answered;
    const isMade = outcome.kind === 'accepted' && !(outcome.replayed && claim.isNew);
    // A repetition may be of a value that was changed since.
    const standing = outcome.replayed === true ? [] : lookups;
    await (isMade ? this.keys.keep(claim, standing) : this.keys.release(claim)).catch(() => undefined);
    return answered;
  }

  /**
   * Destroys the key of somebody whose erasure is recorded, by this request or by one before it. Should this process
   * die first, whoever follows events destroys it; but nobody is told that it is gone before it is.
   * @param already the code with which somebody erased is refused; absent: they are not
   * @throws ApiProblem 503: it is there still; the request is to be sent again
   */
  async erased(
    subjectId: string,
    outcome: CommandOutcome,
    { dryRun }: CommandContext,
    already?: string,
  ): Promise<void> {
    const isRecorded =
      outcome.kind === 'accepted' ? !dryRun || outcome.replayed === true : outcome.refusal.code === already;
    if (!isRecorded) return;
    for (const pauseMs of triesAgainMs) {
      if (await this.isDestroyed(subjectId)) return;
      await sleep(pauseMs);
    }
    if (await this.isDestroyed(subjectId)) return;
    throw unavailable('The erasure is recorded; the key is not destroyed yet. Send the request again.', 1);
  }

  private isDestroyed(subjectId: string): Promise<boolean> {
    return this.keys.destroy([subjectId]).then(
      () => true,
      () => false,
    );
  }
}

/**
 * Whether a request that made a new key may be an earlier one whose key was lost: only that can't be made again, as of
 * somebody erased.
 */
export const mayHaveLostItsKey = ({ isNew }: SubjectClaim, outcome: CommandOutcome): boolean =>
  isNew && isRefusedAs(outcome, idempotencyKeyReused);
