import { BoundedMap } from '@fintech-ledger/contract';
import { StoreUnavailable, withDeadline } from '@fintech-ledger/event-store';
import {
  CommandOutcomeUnknown,
  keyedByUs,
  ownCommand,
  ownKeyMark,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandAccepted, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerDirectory } from '@fintech-ledger/ledger';
import type { CreateLedger } from '@fintech-ledger/ledger/domain';
import type { LedgerView } from '@fintech-ledger/access/domain';
import { paymentsName } from '@fintech-ledger/payments/domain';
import { acknowledgedWaitMs } from '@fintech-ledger/projection-runtime';
import type { At, OrganizationReader } from '@fintech-ledger/projection-runtime';
import { paymentsLedgersKnownMax } from './limits';

type Refused = Extract<CommandOutcome, { readonly kind: 'refused' }>;
/** A ledger, and the revision of its environment that it was made at. */
type Made = At<LedgerView>;

/** An environment without a payments ledger: nothing was paid in it. */
export interface NoLedgerYet {
  readonly kind: 'none';
  /** The time of the environment. RFC 3339. */
  readonly now: string;
  readonly organizationId: string;
  /** Of the organization, where it is known that there is none. */
  readonly revision: number;
}
/** One that is there, and the revision of its environment that it was made at. */
interface LedgerThere {
  readonly kind: 'there';
  readonly ledger: LedgerView;
  readonly madeAt: number;
}
export type FoundLedger = LedgerThere | NoLedgerYet;

/** The payments ledger of each environment, made when it is asked for first. */
export class PaymentsLedgers {
  private readonly known = new BoundedMap<string, Made>(paymentsLedgersKnownMax);

  constructor(
    private readonly gateway: CommandGateway,
    private readonly directory: Pick<LedgerDirectory, 'remember'>,
  ) {}

  /**
   * Where commands and queries look: the ledger, or what is so before there is one. Nothing is made.
   * @param correlationId of who asks
   */
  async find(organizationId: string, correlationId: string): Promise<FoundLedger | Refused> {
    const known = this.known.get(organizationId);
    if (known !== undefined) return there(known);
    const asked = { ...ownCommand(organizationId, create, correlationId), ...once, dryRun: true };
    const outcome = await this.gateway.submit(asked);
    if (outcome.kind === 'refused') return outcome;
    const { created_at: now } = JSON.parse(outcome.answer) as LedgerView;
    if (!outcome.replayed) return { kind: 'none', now, organizationId, revision: outcome.revision };
    return there(this.keep(organizationId, outcome));
  }

  /** The time of an environment. RFC 3339. @param correlationId of who asks */
  async timeOf(organizationId: string, correlationId: string): Promise<string> {
    return (await this.momentOf(organizationId, correlationId)).time;
  }

  /** The same, and the revision that the environment has then. */
  private async momentOf(
    organizationId: string,
    correlationId: string,
  ): Promise<{ readonly time: string; readonly revision: number }> {
    const asked = { ...ownCommand(organizationId, create, correlationId), dryRun: true };
    const outcome = await this.gateway.submit(asked);
    if (outcome.kind === 'refused') throw new Error(`there is no environment ${organizationId}`);
    const { created_at: time } = JSON.parse(outcome.answer) as LedgerView;
    return { time, revision: outcome.revision };
  }

  /** Makes it when there is none yet. @param correlationId of who asks */
  async of(organizationId: string, correlationId: string): Promise<LedgerView | Refused> {
    const made = await this.made(organizationId, correlationId);
    return 'kind' in made ? made : made.result;
  }

  /** The same, with the revision that the environment has now, if a reader asks for no earlier one. */
  async at(
    { organizationId, minRevision = -1 }: OrganizationReader,
    correlationId: string,
  ): Promise<Made | Refused> {
    const made = await this.made(organizationId, correlationId);
    if ('kind' in made) return made;
    const asked = this.momentOf(organizationId, correlationId);
    // It never changes: what it was made as holds, too, while nobody can say what has happened since.
    const isEnough = minRevision <= made.revision;
    const now = isEnough ? await inTime(asked) : await asked;
    return now === undefined ? made : { ...made, revision: now.revision };
  }

  private async made(organizationId: string, correlationId: string): Promise<Made | Refused> {
    const known = this.known.get(organizationId);
    if (known !== undefined) return known;
    const outcome = await this.gateway.submit({
      ...ownCommand(organizationId, create, correlationId),
      ...once,
    });
    if (outcome.kind === 'refused') return outcome;
    return this.keep(organizationId, outcome);
  }

  private keep(organizationId: string, { answer, revision }: CommandAccepted): Made {
    const { position: _position, ...ledger } = JSON.parse(answer) as LedgerView & { position: string };
    this.directory.remember(ledger.id, { organizationId, managed: paymentsName });
    const made = { result: ledger, revision };
    this.known.set(organizationId, made);
    return made;
  }
}

const there = ({ result, revision }: Made): LedgerThere => ({
  kind: 'there',
  ledger: result,
  madeAt: revision,
});

/** What a writer says, if it says it soon. */
function inTime<T>(said: Promise<T>): Promise<T | undefined> {
  const late = () => new WriterUnavailable('the writer has not answered yet', 1);
  return withDeadline(said, acknowledgedWaitMs, late).catch((error: unknown) => {
    const isUnanswered = [WriterUnavailable, StoreUnavailable, CommandOutcomeUnknown].some(
      (kind) => error instanceof kind,
    );
    if (!isUnanswered) throw error;
    return undefined;
  });
}

const create: CreateLedger = {
  type: 'CreateLedger',
  name: 'Payments',
  description: 'What payments of the environment book.',
  managed: paymentsName,
};
/** Under a key that no client can send: however often it is asked for, there is one. */
const once = keyedByUs(`${ownKeyMark}payments_ledger`);
