import { environmentTime } from '@fintech-ledger/access';
import { connectedAccountErased, requirementInvalid } from '@fintech-ledger/connect/domain';
import type { ConnectCommand, ConnectEvent } from '@fintech-ledger/connect/domain';
import type { ScheduleEvent } from '@fintech-ledger/payments/domain';
import { ApiProblem, commandContext, keyLost, principalOf, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { LedgerCommands, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { lostSubject, mayHaveLostItsKey, SubjectRequests, withPersonalHash } from '@fintech-ledger/privacy';
import type { KnownSubject, PersonalValues, SubjectKeys } from '@fintech-ledger/privacy';
import type { FastifyReply } from 'fastify';
import { connectPart } from '../connect-part';
import { SealedFields, withoutPersonal } from './sealed-fields';

/** A command whose personal fields are sealed, and these alone; null: it has none. */
export interface SealedCommand {
  readonly command: ConnectCommand;
  readonly sealed: object | null;
}

/**
 * Hands commands about connected accounts to the writer of the environment's payments ledger. Personal fields are
 * sealed before they leave this process, and opened in the answer: events, writers and whatever follows events have
 * ciphertext.
 */
export class AccountWriter {
  private readonly commands: LedgerCommands<ConnectCommand, ConnectEvent | ScheduleEvent>;
  private readonly requests: SubjectRequests;

  constructor(
    private readonly gateway: CommandGateway,
    ledgers: PaymentsLedgers,
    private readonly keys: SubjectKeys,
    private readonly values: PersonalValues,
  ) {
    this.commands = new LedgerCommands(gateway, ledgers, connectPart);
    this.requests = new SubjectRequests(keys, 'connected_account');
  }

  /** @param make what is asked for, of an account and its data subject @param personal members of the body that are */
  async create(
    request: ApiRequest,
    reply: FastifyReply,
    personal: readonly string[],
    make: (
      ids: { readonly accountId: string; readonly subject: string },
      fields: SealedFields,
    ) => SealedCommand,
  ): Promise<void> {
    const context = contextOf(request, personal);
    const { organizationId, idempotencyKey } = context;
    const id = await this.keys.newId(organizationId, idempotencyKey);
    const claim = await this.requests.newSubject(id, context);
    const { subject } = claim;
    const ids = { accountId: accountIdOf(subject.id), subject: subject.id };
    const { command, sealed } = make(ids, new SealedFields(subject));
    const lost = lostSubject(subject.id);
    if (subject.key === undefined) {
      const hashed = withPersonalHash(context, sealed, lost);
      return this.send(reply, hashed, await this.withoutKey(command, hashed, lost), lost);
    }
    const hashed = withPersonalHash(context, sealed, subject);
    const submit = (): Promise<LedgerOutcome> => this.commands.submit(command, hashed);
    // Nothing leads to an account by what is personal of it, so the key that a dead process leaves gives nobody away.
    const answered = await this.requests.settled(claim, [], context, submit);
    if (sealed === null || !mayHaveLostItsKey(claim, answered.outcome))
      return this.send(reply, hashed, answered, subject);
    await this.submitted(reply, context, make(ids, new SealedFields(lost)), lost);
  }

  async change(
    request: ApiRequest,
    reply: FastifyReply,
    accountId: string,
    personal: readonly string[],
    make: (fields: SealedFields) => SealedCommand,
  ): Promise<void> {
    const context = contextOf(request, personal);
    const id = subjectIdOf(accountId);
    const known = (await this.keys.select(context.organizationId, [id])).get(id);
    const subject = known ?? lostSubject(id);
    await this.submitted(reply, context, make(new SealedFields(subject)), subject);
  }

  /**
   * Judged here, because nobody sees the day once it is sealed. The clock of an environment never goes back, so what
   * was taken once is taken again.
   * @throws ApiProblem `requirement_invalid`
   */
  async refuseFutureBirth(request: ApiRequest, birthDate: string | undefined): Promise<void> {
    if (birthDate === undefined) return;
    const { time } = await environmentTime(this.gateway, principalOf(request), request.id);
    if (birthDate <= time.slice(0, 10)) return;
    const param = '/individual/birth_date';
    throw new ApiProblem(requirementInvalid, 'The day of birth has not come yet.', { param });
  }

  /** The account's key is destroyed once that is recorded. @throws ApiProblem 503: it is not destroyed yet */
  async erase(request: ApiRequest, reply: FastifyReply, accountId: string): Promise<void> {
    const context = contextOf(request, []);
    const id = subjectIdOf(accountId);
    const answered = await this.commands.submit({ type: 'EraseConnectedAccount', accountId }, context);
    await this.requests.erased(id, answered.outcome, context, connectedAccountErased.code);
    await this.send(reply, context, answered, { id, key: null });
  }

  /** A command without personal fields. */
  async write(request: ApiRequest, reply: FastifyReply, command: ConnectCommand): Promise<void> {
    const context = contextOf(request, []);
    await this.send(reply, context, await this.commands.submit(command, context));
  }

  private async submitted(
    reply: FastifyReply,
    context: CommandContext,
    { command, sealed }: SealedCommand,
    subject: KnownSubject,
  ): Promise<void> {
    const hashed = withPersonalHash(context, sealed, subject);
    const isKept = Boolean(subject.key) || sealed === null;
    const answered = isKept
      ? await this.commands.submit(command, hashed)
      : await this.withoutKey(command, hashed, subject);
    await this.send(reply, hashed, answered, subject);
  }

  /** Nothing can be kept: it is answered as it was before, or refused. */
  private async withoutKey(
    command: ConnectCommand,
    context: CommandContext,
    { id }: KnownSubject,
  ): Promise<LedgerOutcome> {
    const answered = await this.commands.submit(command, { ...context, dryRun: true });
    const { outcome } = answered;
    if (outcome.kind === 'refused' || outcome.replayed) return answered;
    throw keyLost(id);
  }

  private async send(
    reply: FastifyReply,
    { organizationId }: CommandContext,
    { outcome, owner }: LedgerOutcome,
    subject?: KnownSubject,
  ): Promise<void> {
    sendOutcome(reply, await this.values.openOutcome(organizationId, outcome, subject), owner);
  }
}

function contextOf(request: ApiRequest, personal: readonly string[]): CommandContext {
  refuseConnectedAccount(request);
  const body = request.body as object | undefined;
  return personal.length === 0 || body === undefined
    ? commandContext(request)
    : commandContext(request, withoutPersonal(body, personal));
}

/** An account and its data subject have one id between them, so that neither has to be looked up by the other. */
const accountIdOf = (subjectId: string): string => `acct_${subjectId.slice('sub_'.length)}`;
const subjectIdOf = (accountId: string): string => `sub_${accountId.slice('acct_'.length)}`;
