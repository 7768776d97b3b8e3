import { commandContext, keyLost, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { idempotencyKeyReused, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandOutcome } from '@fintech-ledger/journal';
import type { DisputeView, PaymentCommand, PaymentEvent } from '@fintech-ledger/payments/domain';
import { mayHaveLostItsKey, withPersonalHash } from '@fintech-ledger/privacy';
import type { KnownSubject, PersonalValues, SubjectRequests } from '@fintech-ledger/privacy';
import { subjectOf } from '@fintech-ledger/privacy/domain';
import { ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { FastifyReply } from 'fastify';
import type { LedgerCommands, LedgerOutcome } from '../ledger/ledger-commands';
import { refuseConnectedAccount } from '../payments/connected-account';
import type { GiveEvidenceDto } from './dispute.dto';
import type { EvidenceSubjects } from './evidence-subjects';
import { sealedEvidence, withoutPersonal } from './sealed-evidence';

/** What a request gives, and of which dispute. */
interface Given {
  readonly body: GiveEvidenceDto;
  readonly context: CommandContext;
  readonly disputeId: string;
  readonly request: ApiRequest;
}
interface EvidenceParts {
  readonly commands: LedgerCommands<PaymentCommand, PaymentEvent>;
  readonly requests: SubjectRequests;
  readonly subjects: EvidenceSubjects;
  readonly values: PersonalValues;
}

/**
 * Hands evidence to the writer of the environment's payments ledger. It is sealed before it leaves this process, and
 * opened in the answer: events, writers and whatever follows events have ciphertext.
 */
export class EvidenceWriter {
  constructor(private readonly parts: EvidenceParts) {}

  async give(
    request: ApiRequest,
    reply: FastifyReply,
    disputeId: string,
    body: GiveEvidenceDto,
  ): Promise<void> {
    refuseConnectedAccount(request);
    const context = commandContext(request, withoutPersonal(body));
    const given = { body, context, disputeId, request };
    const customer = await this.parts.subjects.customerOf(context, disputeId);
    if (customer === undefined) {
      const why = `Whose key the evidence of ${disputeId} is encrypted with is not known yet.`;
      return this.giveWithoutKey(reply, given, () => new ReadModelBehind(1, why));
    }
    if (customer === null) return this.giveWithOwnKey(reply, given, false);
    const subject = await this.parts.subjects.ofCustomer(context, customer);
    if (subject.key === undefined) return this.giveWithoutKey(reply, given, () => keyLost(subject.id));
    // Of somebody who was deleted it has a key of its own: the dispute has to be answered all the same.
    if (subject.key === null) return this.giveWithOwnKey(reply, given, true);
    await this.send(reply, given, await this.submit(given, subject), subject);
  }

  /** The key is destroyed once that is recorded. @throws ApiProblem 503: it is not destroyed yet */
  async erase(request: ApiRequest, reply: FastifyReply, disputeId: string): Promise<void> {
    refuseConnectedAccount(request);
    const { commands, requests, subjects, values } = this.parts;
    const context = commandContext(request);
    const { organizationId } = context;
    // The evidence has the one in use; where none was given since an erasure, the one before it.
    const own = (await subjects.own(organizationId, disputeId)).slice(-2);
    const command = { type: 'EraseDisputeEvidence', disputeId, subjects: own } as const;
    const { outcome, owner } = await commands.submit(command, context);
    const id = subjectIn(outcome);
    if (id !== undefined) await requests.erased(id, outcome, context);
    const erased = id === undefined ? undefined : { id, key: null };
    sendOutcome(reply, await values.openOutcome(organizationId, outcome, erased), owner);
  }

  /** @param isAnother whether other evidence of the dispute had another key, which is gone */
  private async giveWithOwnKey(reply: FastifyReply, given: Given, isAnother: boolean): Promise<void> {
    const { requests, subjects } = this.parts;
    const { context, disputeId } = given;
    const own = await subjects.own(context.organizationId, disputeId);
    if (context.idempotencyKey !== undefined && (isAnother || own.length > 1)) {
      const again = await this.repeated(given);
      if (again !== undefined) return this.send(reply, given, again);
    }
    const claim = await subjects.claimOwn(context, disputeId);
    const { subject } = claim;
    if (subject.key === undefined) return this.giveWithoutKey(reply, given, () => keyLost(subject.id));
    const answered = await requests.settled(claim, [], context, () => this.submit(given, subject));
    if (!mayHaveLostItsKey(claim, answered.outcome)) return this.send(reply, given, answered, subject);
    await this.send(reply, given, (await this.repeated(given)) ?? answered);
  }

  /** Nothing can be kept: it is answered as it was before, or refused. @param why it can't be kept */
  private async giveWithoutKey(reply: FastifyReply, given: Given, why: () => Error): Promise<void> {
    const again = await this.repeated(given);
    if (again === undefined) throw why();
    await this.send(reply, given, again);
  }

  /** What is answered where its key is gone: a repetition, or a refusal; undefined: it is neither. */
  private async repeated(given: Given): Promise<LedgerOutcome | undefined> {
    const answered = await this.submit(given, nobody, { dryRun: true });
    const { outcome } = answered;
    return outcome.kind === 'refused' || outcome.replayed === true ? answered : undefined;
  }

  private submit(
    { body, context, disputeId }: Given,
    subject: KnownSubject,
    more: Partial<CommandContext> = {},
  ): Promise<LedgerOutcome> {
    const { files = [], submit = true, text } = body;
    const sealed = sealedEvidence({ files, text }, subject);
    const hashed = withPersonalHash(context, sealed, subject);
    return this.parts.commands.submit(
      { type: 'GiveEvidence', disputeId, submit, ...sealed },
      { ...hashed, ...more },
    );
  }

  private async send(
    reply: FastifyReply,
    given: Given,
    answered: LedgerOutcome,
    subject?: KnownSubject,
  ): Promise<void> {
    const { outcome, owner } = await this.ofEarlierVersion(given, answered);
    const { organizationId } = given.context;
    sendOutcome(reply, await this.parts.values.openOutcome(organizationId, outcome, subject), owner);
  }

  /** The hash of a request that an earlier version took had all of it in one part. */
  private async ofEarlierVersion(given: Given, answered: LedgerOutcome): Promise<LedgerOutcome> {
    if (!isRefusedAs(answered.outcome, idempotencyKeyReused)) return answered;
    const { requestHash } = commandContext(given.request);
    const again = await this.submit(given, nobody, { dryRun: true, ...(requestHash && { requestHash }) });
    return again.outcome.replayed === true ? again : answered;
  }
}

/** With no key. */
const nobody: KnownSubject = { id: '', key: null };

/** Whose the evidence is that an answer shows, still sealed. */
function subjectIn(outcome: CommandOutcome): string | undefined {
  if (outcome.kind === 'refused') return undefined;
  const { evidence } = JSON.parse(outcome.answer) as DisputeView;
  return subjectOf(evidence?.text ?? '');
}
