import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { CommandContext } from '@fintech-ledger/journal';

/** Hands a command to the writer of a ledger of this organization. Answers with `CommandOutcome`; refusals: `ledger_not_found` and the ledger's. */
export class WriteToLedger {
  constructor(
    readonly ledgerId: string,
    readonly command: LedgerCommand,
    readonly context: CommandContext,
  ) {}
}
