import type { CommandContext } from '@fintech-ledger/journal';
import type { Reader } from '@fintech-ledger/projection-runtime';

/** An account's balance now, from its ledger's journal and the writer of it, never from a read model. Answers `At<BalanceView>`. */
export class GetJournalBalance {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly context: CommandContext,
  ) {}
}
