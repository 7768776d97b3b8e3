import { journalStream, organizationStream, timeSortableId } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { envelope } from '@fintech-ledger/journal';
import type {
  CommandContext,
  CommandGateway,
  CommandOutcome,
  DomainEvent,
  DomainPart,
} from '@fintech-ledger/journal';
import type { FastifyReply } from 'fastify';
import { refuseConnectedAccount } from '../payments/connected-account';
import type { NoLedgerYet, PaymentsLedgers } from './payments-ledgers';

/** A part of the journals of payments ledgers: it judges its commands alone where there is no ledger yet. */
type Part<C extends { readonly type: string }, E extends DomainEvent> = Pick<
  DomainPart<C, E, never>,
  'answer' | 'decide'
>;

/** What a command came to. */
export interface LedgerOutcome {
  readonly outcome: CommandOutcome;
  /** Whose position it has: the ledger, or the organization that has none. */
  readonly owner: string;
}

/** Hands commands of a part to the writer of an environment's payments ledger. */
export class LedgerCommands<C extends { readonly type: string }, E extends DomainEvent> {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly ledgers: PaymentsLedgers,
    private readonly part: Part<C, E>,
  ) {}

  /** The first command of which something is recorded makes the ledger: no refusal, and no dry run. */
  async submit(command: C, context: CommandContext): Promise<LedgerOutcome> {
    const { organizationId, correlationId } = context;
    const found = await this.ledgers.find(organizationId, correlationId);
    if (found.kind === 'none') {
      const judged = this.judgedAlone(command, context, found);
      if (judged !== undefined) return { outcome: judged, owner: organizationId };
    }
    const ledger =
      found.kind === 'there' ? found.ledger : await this.ledgers.of(organizationId, correlationId);
    if ('kind' in ledger) return { outcome: ledger, owner: organizationId };
    const outcome = await this.gateway.submit(envelope(journalStream(ledger.id), command, context));
    return { outcome, owner: ledger.id };
  }

  /**
   * Answers a request that acts for the platform.
   * @throws ApiProblem `field_not_supported` it acts as a connected account
   */
  async write(request: ApiRequest, reply: FastifyReply, command: C): Promise<void> {
    refuseConnectedAccount(request);
    const { outcome, owner } = await this.submit(command, commandContext(request));
    sendOutcome(reply, outcome, owner);
  }

  /** What a command comes to before there is anything; undefined: it is to be recorded. */
  private judgedAlone(
    command: C,
    { dryRun, idempotencyKey }: Pick<CommandContext, 'dryRun' | 'idempotencyKey'>,
    { now, organizationId, revision }: NoLedgerYet,
  ): CommandOutcome | undefined {
    const nothing = { get: () => undefined };
    const newId = (prefix: string, i: number) => timeSortableId(prefix, Date.parse(now), i, organizationId);
    const decision = this.part.decide(nothing, command, { now, newId, organizationId });
    if (decision.kind === 'refused') return decision;
    const { answeredAs, events } = decision;
    // The key of one that changes nothing is recorded, too.
    const isRecorded = events.length > 0 || idempotencyKey !== undefined;
    if (isRecorded && !dryRun) return undefined;
    const stream = organizationStream(organizationId);
    const at = { command, stream, revision, refusedItems: [], dryRun };
    return {
      kind: 'accepted',
      answer: this.part.answer({ ...at, events: answeredAs ?? events }),
      revision: asRevision(revision),
      replayed: false,
    };
  }
}
