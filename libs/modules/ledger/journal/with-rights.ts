import { allows } from '@fintech-ledger/access/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';

/** A command as the writer judges it: what changes an account's terms says whether who asks may. */
export function withRights(command: LedgerCommand, scopes: readonly string[] | undefined): LedgerCommand {
  switch (command.type) {
    case 'AmendAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
      return scopes === undefined ? command : { ...command, mayChangeTerms: allows(scopes, 'ledger:admin') };
    default:
      return command;
  }
}
