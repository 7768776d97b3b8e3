import { commandContext, isLive, keyLost, principalOf, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import { LedgerCommands, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import type { LedgerOutcome, PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { lostSubject, mayHaveLostItsKey, SubjectRequests, withPersonalHash } from '@fintech-ledger/privacy';
import type { KnownSubject, PersonalValues, SubjectKeys } from '@fintech-ledger/privacy';
import type { PersonalFacts } from '@fintech-ledger/customers/domain';
import type { CustomerCommand, CustomerEvent } from '@fintech-ledger/customers/domain';
import type { FastifyReply } from 'fastify';
import { customersPart } from '../customers-part';
import type { CreateCustomerDto, UpdateCustomerDto } from './customer.dto';
import { hasPersonal, lookupsOf, sealedFields, withoutPersonal } from './personal-fields';

/**
 * Hands commands about customers to the writer of the environment's payments ledger. Personal fields are sealed before
 * they leave this process, and opened in the answer: events, writers and whatever follows events have ciphertext.
 */
export class CustomerWriter {
  private readonly commands: LedgerCommands<CustomerCommand, CustomerEvent>;
  private readonly requests: SubjectRequests;

  constructor(
    gateway: CommandGateway,
    ledgers: PaymentsLedgers,
    private readonly keys: SubjectKeys,
    private readonly values: PersonalValues,
  ) {
    this.commands = new LedgerCommands(gateway, ledgers, customersPart);
    this.requests = new SubjectRequests(keys, 'customer');
  }

  async create(request: ApiRequest, reply: FastifyReply, body: CreateCustomerDto): Promise<void> {
    const context = contextOf(request, withoutPersonal(body));
    const { organizationId, idempotencyKey } = context;
    const id = await this.keys.newId(organizationId, idempotencyKey);
    const claim = await this.requests.newSubject(id, context);
    const { subject } = claim;
    const sealed = sealedFields(body, subject);
    const isOfLive = isLive(principalOf(request));
    if (subject.key !== undefined) {
      const hashed = withPersonalHash(context, hasPersonal(body) ? sealed : null, subject);
      const command = createCommand(body, sealed, subject, isOfLive);
      const lookups = lookupsOf(body, sealed);
      const submit = (): Promise<LedgerOutcome> => this.submit(command, hashed);
      const answered = await this.requests.settled(claim, lookups, context, submit);
      if (!hasPersonal(body) || !mayHaveLostItsKey(claim, answered.outcome))
        return this.send(reply, hashed, answered, subject);
    }
    const lost = lostSubject(subject.id);
    const without = sealedFields(body, lost);
    const again = withPersonalHash(context, hasPersonal(body) ? without : null, lost);
    const replayed = await this.withoutKey(createCommand(body, without, lost, isOfLive), again, lost);
    await this.send(reply, again, replayed, lost);
  }

  async update(
    request: ApiRequest,
    reply: FastifyReply,
    customerId: string,
    body: UpdateCustomerDto,
  ): Promise<void> {
    const context = contextOf(request, withoutPersonal(body));
    const { organizationId } = context;
    const subjectId = subjectIdOf(customerId);
    const known = (await this.keys.select(organizationId, [subjectId])).get(subjectId);
    const subject = known ?? lostSubject(subjectId);
    const sealed = sealedFields(body, subject);
    const { description, metadata, default_payment_method: defaultPaymentMethod } = body;
    const command: CustomerCommand = {
      type: 'UpdateCustomer',
      customerId,
      ...sealed,
      ...(defaultPaymentMethod !== undefined && { defaultPaymentMethod }),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    };
    const hashed = withPersonalHash(context, hasPersonal(body) ? sealed : null, subject);
    if (!subject.key && hasPersonal(body))
      return this.send(reply, hashed, await this.withoutKey(command, hashed, subject), subject);
    const claim = this.requests.of(organizationId, subject);
    const submit = (): Promise<LedgerOutcome> => this.submit(command, hashed);
    const answered = await this.requests.settled(claim, lookupsOf(body, sealed), context, submit);
    await this.send(reply, hashed, answered, subject);
  }

  /** Their key is destroyed once that is recorded. @throws ApiProblem 503: it is not destroyed yet */
  async delete(request: ApiRequest, reply: FastifyReply, customerId: string): Promise<void> {
    const context = contextOf(request);
    const answered = await this.submit({ type: 'DeleteCustomer', customerId }, context);
    await this.requests.erased(subjectIdOf(customerId), answered.outcome, context, 'customer_deleted');
    await this.send(reply, context, answered);
  }

  /** A command without personal fields. */
  async write(request: ApiRequest, reply: FastifyReply, command: CustomerCommand): Promise<void> {
    const context = contextOf(request);
    await this.send(reply, context, await this.submit(command, context));
  }

  /** Nothing can be kept: it is answered as it was before, or refused. */
  private async withoutKey(
    command: CustomerCommand,
    context: CommandContext,
    { id }: KnownSubject,
  ): Promise<LedgerOutcome> {
    const answered = await this.submit(command, { ...context, dryRun: true });
    const { outcome } = answered;
    if (outcome.kind === 'refused' || outcome.replayed) return answered;
    throw keyLost(id);
  }

  private submit(command: CustomerCommand, context: CommandContext): Promise<LedgerOutcome> {
    return this.commands.submit(command, context);
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

function contextOf(request: ApiRequest, body?: object): CommandContext {
  refuseConnectedAccount(request);
  return commandContext(request, body);
}

function createCommand(
  body: CreateCustomerDto,
  sealed: Partial<PersonalFacts>,
  subject: KnownSubject,
  livemode: boolean,
): CustomerCommand {
  return {
    type: 'CreateCustomer',
    ...{ address: null, email: null, name: null, phone: null },
    ...sealed,
    customerId: customerIdOf(subject.id),
    defaultPaymentMethod: body.default_payment_method ?? null,
    description: body.description ?? null,
    livemode,
    metadata: sortedMetadata(body.metadata),
    subject: subject.id,
  };
}

/** A customer and their data subject have one id between them, so that neither has to be looked up by the other. */
export const customerIdOf = (subjectId: string): string => `cus_${subjectId.slice('sub_'.length)}`;
const subjectIdOf = (customerId: string): string => `sub_${customerId.slice('cus_'.length)}`;
