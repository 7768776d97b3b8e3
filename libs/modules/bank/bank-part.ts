import {
  bankEvents,
  bankRecordKeys,
  decideBank,
  evolveBank,
  readsOfBank,
  showBankAccount,
  showBankLine,
  showBankStatement,
} from '@fintech-ledger/bank/domain';
import type { BankCommand, BankEvent, BankRecord } from '@fintech-ledger/bank/domain';
import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';

type Part = DomainPart<BankCommand, BankEvent, BankRecord, BankRecord | LedgerRecord>;

/** What the module does in the journals of payments ledgers. What it decides of payments is folded by their module. */
export const bankPart: Part = {
  commands: {
    PutBankAccounts: true,
    ImportBankLines: true,
    MatchBankLine: true,
    ApportionBankLine: true,
    ReturnBankLine: true,
    CancelBankReturn: true,
    EraseBankLine: true,
  },
  events: bankEvents,
  records: bankRecordKeys,
  reads: readsOfBank,
  decide: decideBank as Part['decide'],
  costOf,
  isSentInParts: ({ type }) => type === 'ImportBankLines',
  evolve: evolveBank,
  answer: bankAnswer,
};

/** In events, about. */
function costOf(command: BankCommand): number {
  if (command.type === 'ImportBankLines') return 1 + 3 * command.lines.length;
  return command.type === 'ApportionBankLine' ? 2 + command.objects.length : 1;
}

/** The line that the command names, else what the last event is about; personal fields are sealed. */
function bankAnswer(request: AnswerRequest<BankCommand, BankEvent>): string {
  const { command, events, stream, revision, dryRun } = request;
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  const data = events.map((event) => event.data);
  const isOfIt = (each: BankEvent['data']): boolean =>
    'lineId' in command ? 'bankLine' in each && each.bankLine.id === command.lineId : true;
  return JSON.stringify({ ...shownOf(data.findLast(isOfIt)), ...at });
}

function shownOf(data: BankEvent['data'] | undefined): object {
  if (data === undefined) return {};
  if ('bankStatement' in data) return showBankStatement(data.bankStatement);
  if ('bankAccounts' in data)
    return { object: 'bank_accounts', bank_accounts: data.bankAccounts.map(showBankAccount) };
  return showBankLine(data.bankLine);
}
