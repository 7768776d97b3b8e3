import { dataSubjectErased, dataSubjectNotFound } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import { keyLost } from '@fintech-ledger/http/base';
import { envelope, systemActor } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { DataSubjectCommand } from '@fintech-ledger/privacy/domain';
import { lostSubject } from '../subjects/lost-subject';
import { withPersonalHash } from '../subjects/personal-hash';
import { sealValue } from '../subjects/personal-value';
import type { PersonalValues } from '../subjects/personal-values';
import type { ClaimedSubject, ClaimEnd, KnownSubject, SubjectKeys } from '../subjects/subject-keys';
import { mayHaveLostItsKey, SubjectRequests } from '../subjects/subject-requests';

export const referenceLabel = 'data_subject.reference';
/** So that the id is not that of a customer whose creation had the same idempotency key: no client's key has it. */
const idSpace = 'data_subject\u001f';

/** Hands commands about data subjects to the writer of their organization. The reference is sealed before that. */
export class DataSubjectWriter {
  private readonly requests: SubjectRequests;

  constructor(
    private readonly gateway: CommandGateway,
    private readonly keys: SubjectKeys,
    private readonly values: PersonalValues,
  ) {
    this.requests = new SubjectRequests(keys, 'data_subject');
  }

  /** @param context with the hash of the request without its reference */
  async create(reference: string, context: CommandContext): Promise<CommandOutcome> {
    const { organizationId, idempotencyKey } = context;
    const key = idempotencyKey === undefined ? undefined : `${idSpace}${idempotencyKey}`;
    const claim = await this.requests.newSubject(await this.keys.newId(organizationId, key), context);
    const { subject } = claim;
    const { id: subjectId } = subject;
    if (!subject.key) return this.answeredBefore(subject, context);
    const sealed = sealValue(subject, referenceLabel, reference);
    const hashed = withPersonalHash(context, { reference: sealed }, subject);
    const command = { type: 'CreateDataSubject', subjectId, reference: sealed } as const;
    const lookups = [{ label: referenceLabel, value: reference, sealed }];
    const { outcome } = await this.requests.settled(claim, lookups, context, async () => ({
      outcome: await this.submit(command, hashed),
    }));
    if (mayHaveLostItsKey(claim, outcome)) return this.answeredBefore(lostSubject(subjectId), context);
    return this.values.openOutcome(organizationId, outcome, subject);
  }

  /** What came of a request to create one: only the writer can tell. @throws Error it does not */
  async endOf({ id: subjectId, organizationId }: ClaimedSubject): Promise<ClaimEnd> {
    const outcome = await this.submit(
      { type: 'EraseDataSubject', subjectId },
      { organizationId, actor: systemActor, correlationId: `abandoned ${subjectId}`, dryRun: true },
    );
    if (outcome.kind === 'accepted') return 'all';
    const { code } = outcome.refusal;
    if (code === dataSubjectNotFound.code) return undefined;
    if (code === dataSubjectErased.code) return [];
    throw new Error(`what came of ${subjectId} can not be told: ${code}`);
  }

  /** Its key is destroyed once that is recorded. @throws ApiProblem 503: it is not destroyed yet */
  async erase(subjectId: string, context: CommandContext): Promise<CommandOutcome> {
    const outcome = await this.submit({ type: 'EraseDataSubject', subjectId }, context);
    await this.requests.erased(subjectId, outcome, context, dataSubjectErased.code);
    return outcome;
  }

  /**
   * Its key was destroyed or is lost, so it was created under this idempotency key. A dry run says with what answer.
   * @throws ApiProblem 503: it was not, and its key can't be had
   */
  private async answeredBefore(subject: KnownSubject, context: CommandContext): Promise<CommandOutcome> {
    const { id: subjectId } = subject;
    const hashed = withPersonalHash({ ...context, dryRun: true }, {}, subject);
    const outcome = await this.submit({ type: 'CreateDataSubject', subjectId, reference: '' }, hashed);
    if (subject.key === undefined && outcome.kind === 'accepted' && !outcome.replayed)
      throw keyLost(subjectId);
    return this.values.openOutcome(context.organizationId, outcome);
  }

  private submit(command: DataSubjectCommand, context: CommandContext): Promise<CommandOutcome> {
    return this.gateway.submit(envelope(organizationStream(context.organizationId), command, context));
  }
}
