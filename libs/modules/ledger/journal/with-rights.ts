import { allows } from '@fintech-ledger/access/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';

const termsChanges: ReadonlySet<LedgerCommand['type']> = new Set([
  'AmendAccount',
  'FreezeAccount',
  'UnfreezeAccount',
  'CloseAccount',
  'ReopenAccount',
]);

/** A command as the writer judges it: what changes an account's terms says whether who asks may. */
export function withRights(command: LedgerCommand, scopes: readonly string[] | undefined): LedgerCommand {
  if (scopes === undefined || !termsChanges.has(command.type)) return command;
  return { ...command, mayChangeTerms: allows(scopes, 'ledger:admin') } as LedgerCommand;
}
