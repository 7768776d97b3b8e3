import { BrokenInvariant } from '@fintech-ledger/contract';
import {
  connectedAccountKey,
  connectEvents,
  connectRecordKeys,
  decideConnect,
  evolveConnect,
  readsOfConnect,
  showBankAccount,
  showConnectedAccount,
} from '@fintech-ledger/connect/domain';
import type { ConnectCommand, ConnectEvent, ConnectRecord } from '@fintech-ledger/connect/domain';
import { isScheduleEvent } from '@fintech-ledger/payments/domain';
import type { ScheduleEvent } from '@fintech-ledger/payments/domain';
import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';

/** What the module does in the journals of payments ledgers: transfers and payments read its records there. */
export const connectPart: DomainPart<
  ConnectCommand,
  ConnectEvent | ScheduleEvent,
  ConnectRecord,
  ConnectRecord | LedgerRecord
> = {
  commands: {
    CreateConnectedAccount: true,
    UpdateConnectedAccount: true,
    ProvideRequirements: true,
    AddBankAccount: true,
    MakeBankAccountDefault: true,
    VerifyConnectedAccount: true,
    SuspendConnectedAccount: true,
    ReinstateConnectedAccount: true,
    CloseConnectedAccount: true,
    EraseConnectedAccount: true,
  },
  events: connectEvents,
  records: connectRecordKeys,
  reads: readsOfConnect,
  decide: decideConnect,
  // What it has payments record is folded by them.
  evolve: (view, event) => (isScheduleEvent(event) ? [] : evolveConnect(view, event)),
  answer: connectAnswer,
};

/** The bank account of a command about one, else the account, as the event left it, its personal fields sealed. */
function connectAnswer(request: AnswerRequest<ConnectCommand, ConnectEvent | ScheduleEvent>): string {
  const { events, stream, revision, dryRun } = request;
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  const event = events.at(-1);
  return JSON.stringify({ ...(event && !isScheduleEvent(event) && shownOf(request.command, event)), ...at });
}

function shownOf(command: ConnectCommand, { data }: ConnectEvent): object {
  const { connectedAccount: account } = data;
  const { bankAccounts } = account;
  switch (command.type) {
    case 'AddBankAccount':
      return shownBankAccount(account.id, bankAccounts.at(-1));
    case 'MakeBankAccountDefault':
      return shownBankAccount(
        account.id,
        bankAccounts.find(({ id }) => id === command.bankAccountId),
      );
    case 'CreateConnectedAccount':
    case 'UpdateConnectedAccount':
    case 'ProvideRequirements':
    case 'VerifyConnectedAccount':
    case 'SuspendConnectedAccount':
    case 'ReinstateConnectedAccount':
    case 'CloseConnectedAccount':
    case 'EraseConnectedAccount':
      return showConnectedAccount(account);
  }
}

function shownBankAccount(id: string, one: Parameters<typeof showBankAccount>[0] | undefined): object {
  if (one === undefined) throw new BrokenInvariant(`${connectedAccountKey(id)} has no such bank account`);
  return showBankAccount(one, id);
}
