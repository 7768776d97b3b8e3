import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandContext } from '@fintech-ledger/journal';
import { showAccountRefusals, totalsFrom } from '@fintech-ledger/ledger/domain';
import type { ShownAccount } from '@fintech-ledger/ledger/domain';
import {
  commandGatewayPort,
  eventStorePort,
  ReadModelBehind,
  Refused,
} from '@fintech-ledger/projection-runtime';
import type { At, Reader } from '@fintech-ledger/projection-runtime';
import type { BalanceView } from '../views/balance';
import { ledgerQueriesPort } from '../read-model/queries';
import type { LedgerQueries } from '../read-model/queries';
import { AccountEvidence } from './account-evidence';
import { runningView } from './balance-view';
import { reachJournal } from '../history/reach-journal';
import { ReadModels } from '../ledgers/read-models';

/**
 * An account's balance now, from its ledger's journal and the writer of it, never from a read model. Answers
 * `At<BalanceView>`.
 */
export class GetJournalBalance {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly context: CommandContext,
  ) {}
}

@QueryHandler(GetJournalBalance)
export class GetJournalBalanceHandler implements IQueryHandler<GetJournalBalance, At<BalanceView>> {
  private readonly evidence: AccountEvidence;

  constructor(
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(eventStorePort) private readonly store: EventStore,
    @Inject(ledgerQueriesPort) hints: LedgerQueries,
  ) {
    this.evidence = new AccountEvidence(store, hints);
  }

  /**
   * @throws Refused `account_not_found`
   * @throws JournalDisagrees what the writer knows is not what the account's last event carries
   */
  async execute({ reader, address, context }: GetJournalBalance): Promise<At<BalanceView>> {
    const { ledgerId, minRevision = -1 } = reader;
    await this.models.check(reader);
    // The writer knows what the store has: what it says of an account before that would be of an earlier position.
    await reachJournal(this.store, reader);
    const asked = envelope(journalStream(ledgerId), { type: 'ShowAccount', address }, context);
    const outcome = await this.gateway.submit({ ...asked, dryRun: true });
    if (outcome.kind === 'refused') throw new Refused(outcome.refusal, showAccountRefusals);
    const { revision } = outcome;
    if (revision < minRevision)
      throw new ReadModelBehind(1, `The journal of ${ledgerId} has not reached ${minRevision}.`);
    const account = JSON.parse(outcome.answer) as ShownAccount;
    await this.evidence.confirm(ledgerId, address, account, revision);
    return { revision, result: viewOf(account, `${ledgerId}@${revision}`) };
  }
}

function viewOf(account: ShownAccount, position: string): BalanceView {
  const { type, currency, version, metadata: _, ...texts } = account;
  return { currency, ...runningView(type, totalsFrom(texts)), version, position };
}
