import { WriteToLedger, WriteToOrganization } from '@fintech-ledger/ledger/nest';
import type { Commands } from '@fintech-ledger/ledger/nest';
import {
  dryRunTooLarge,
  idempotencyKeyReused,
  isRefusedAs,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerDirectory } from '@fintech-ledger/ledger';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { LedgerQueries } from '@fintech-ledger/ledger';
import type { ProofBundles } from '@fintech-ledger/audit';
import type { AccountFacts, Books, BooksOutcome, JudgeSignature } from '@fintech-ledger/books/formats';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import type { LedgerCommand, RefusalCode, ShownAccount } from '@fintech-ledger/ledger/domain';
import { ApiProblem, contextsOf } from '@fintech-ledger/http';
import type { KeyedRequest, SealedMetadata, SealedValue, SubjectValue } from '@fintech-ledger/http';
import { readModelsPatienceMs } from './limits';
import { withPatience } from './with-patience';

export interface BooksDeps {
  readonly commands: Commands;
  readonly gateway: Pick<CommandGateway, 'submit'>;
  readonly ledgers: LedgerQueries;
  readonly organizations: OrganizationQueries;
  readonly directory: LedgerDirectory;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly proofs: Pick<ProofBundles, 'over'>;
  readonly judge: JudgeSignature;
  readonly metadata: SealedMetadata;
}

/** A ledger as an import books into it, or tries to: through the same handlers as every other request. */
export class BooksOfLedger implements Books {
  private readonly nextContext: () => CommandContext;
  private claimed: Promise<void> | undefined;
  /** Units that were declared in a trial: no read model knows them. */
  private readonly tried = new Map<string, { readonly exponent: number }>();

  /** @param key of the request, if it has one: taken for the import before it books anything */
  constructor(
    private readonly deps: BooksDeps,
    readonly ledgerId: string,
    private readonly context: CommandContext,
    private readonly key?: KeyedRequest,
  ) {
    this.nextContext = contextsOf(context);
  }

  /** @throws ApiProblem `idempotency_key_reused` */
  async submit(
    command: LedgerCommand,
    idempotencyKey: string,
    options?: { dryRun?: boolean },
  ): Promise<BooksOutcome> {
    if (this.key !== undefined && options?.dryRun !== true) await this.claimKey(this.key);
    const context = {
      ...this.nextContext(),
      dryRun: options?.dryRun ?? false,
      allowsWithdrawnCurrencies: true,
      idempotencyKey,
      // The key is made of the content, so it stands for the request.
      requestHash: idempotencyKey.slice(-64),
    };
    const write = new WriteToLedger(this.ledgerId, command, context);
    const outcome = await this.execute<CommandOutcome<RefusalCode>>(write);
    if (outcome.kind === 'refused' && isRefusedAs(outcome, dryRunTooLarge))
      throw ApiProblem.ofRefusal(outcome.refusal, [dryRunTooLarge]);
    return outcome;
  }

  /** No other request of the ledger has the key from now on. */
  private claimKey(keyed: KeyedRequest): Promise<void> {
    const claim = async ({ key: idempotencyKey, requestHash }: KeyedRequest): Promise<void> => {
      const context = { ...this.nextContext(), idempotencyKey, requestHash };
      const write = new WriteToLedger(this.ledgerId, { type: 'ClaimKey' }, context);
      const outcome = await this.execute(write);
      if (outcome.kind === 'refused' && outcome.refusal.code === idempotencyKeyReused.code)
        throw ApiProblem.ofRefusal(outcome.refusal, [idempotencyKeyReused]);
    };
    return (this.claimed ??= claim(keyed));
  }

  sealAll(values: readonly SubjectValue[]): Promise<readonly (SealedValue | null)[]> {
    return this.deps.metadata.sealAll(this.context.organizationId, values);
  }

  async headRevision(): Promise<number> {
    const stream = journalStream(this.ledgerId);
    const [head] = await this.deps.store.readStream(stream, { direction: 'backwards', limit: 1 });
    return head?.revision ?? -1;
  }

  async account(address: string): Promise<AccountFacts | null> {
    if (this.context.trial !== undefined) return this.triedAccount(address);
    const { ledgers } = this.deps;
    const head = await this.headRevision();
    if (head < 0) return null;
    await ledgers.waitFor(this.ledgerId, head, readModelsPatienceMs);
    return (await ledgers.account(this.ledgerId, address)).result;
  }

  async unit(code: string): Promise<{ readonly exponent: number } | null> {
    const tried = this.tried.get(code);
    if (tried !== undefined) return tried;
    const { directory, organizations } = this.deps;
    const { organizationId } = this.context;
    await directory.catchUp(organizationId);
    return organizations.unit(organizationId, code);
  }

  async declareUnit(unit: { code: string; exponent: number; name: string }): Promise<BooksOutcome> {
    if (this.key !== undefined) await this.claimKey(this.key);
    const write = new WriteToOrganization({ type: 'DeclareUnit', ...unit }, this.context);
    const outcome = await this.execute<CommandOutcome<RefusalCode>>(write);
    if (this.context.trial !== undefined && outcome.kind === 'accepted') this.tried.set(unit.code, unit);
    return outcome;
  }

  /** Of the writer of the trial: no read model knows what was opened there. */
  private async triedAccount(address: string): Promise<AccountFacts | null> {
    const context = { ...this.nextContext(), dryRun: true };
    const outcome = await this.execute(
      new WriteToLedger(this.ledgerId, { type: 'ShowAccount', address }, context),
    );
    return outcome.kind === 'accepted' ? (JSON.parse(outcome.answer) as ShownAccount) : null;
  }

  private execute<O extends CommandOutcome<string> = CommandOutcome>(
    write: WriteToLedger | WriteToOrganization,
  ): Promise<O> {
    const { trial } = this.context;
    // A trial that has ended does not come back.
    const isOver = (error: unknown): boolean =>
      trial !== undefined && error instanceof WriterUnavailable && error.isFinal;
    return withPatience(() => this.deps.commands.execute<typeof write, O>(write), isOver);
  }
}
