import type { CreateLedger, DeclareUnit } from '@fintech-ledger/ledger/domain';
import type { CommandContext } from '@fintech-ledger/journal';

/** Hands a command to the writer of the caller's organization. Answers with `CommandOutcome`. */
export class WriteToOrganization {
  constructor(
    readonly command: CreateLedger | DeclareUnit,
    readonly context: CommandContext,
  ) {}
}
