import { BrokenInvariant } from '@fintech-ledger/contract';
import { bankAccountsKey, ownBankAccounts } from '@fintech-ledger/payments/domain';
import { bankAccountsOf } from './bank-accounts';
import type { BankEvent } from './events';
import type { BankAccountFacts, BankLineFacts, StatementFacts } from './facts';
import { formerAccountsMax } from './limits';
import { bankLineKey, bankLineOf, closingKey, partsKey, partsOf, statementKey } from './records';
import type { BankRecord, BankView } from './records';

export interface BankChange {
  readonly key: string;
  readonly record: BankRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveBank(view: BankView, event: BankEvent): readonly BankChange[] {
  switch (event.type) {
    case 'BankAccountsChanged':
      return [accountsChanged(view, event.data.bankAccounts)];
    case 'BankLineBooked': {
      const { bankLine } = event.data;
      if (bankLineOf(view, bankLine.id)) throw new BrokenInvariant(`${event.type} of ${bankLine.id}`);
      return [changed(bankLine), ...waitsFor(view, bankLine)];
    }
    case 'BankLineMatched':
    case 'BankLineReturned': {
      const { bankLine, leaves } = event.data;
      known(view, event.type, bankLine);
      if (leaves === null || leaves === bankLine.payment)
        return [changed(bankLine), ...waitsFor(view, bankLine)];
      return [changed(bankLine), ...parts(view, leaves, bankLine.id, false), ...waitsFor(view, bankLine)];
    }
    case 'BankReturnPaid':
    case 'BankReturnCanceled':
    case 'BankLineErased':
      known(view, event.type, event.data.bankLine);
      return [changed(event.data.bankLine)];
    case 'BankStatementImported':
      return imported(event.data.bankStatement);
  }
}

/** What is forgotten is kept for what names it: payouts that are not sent yet, which are paid from one of them, too. */
function accountsChanged(view: BankView, accounts: readonly BankAccountFacts[]): BankChange {
  const isGone = ({ id }: BankAccountFacts): boolean => accounts.every((each) => each.id !== id);
  const said = bankAccountsOf(view);
  const before = [...ownBankAccounts(view).slice(said.length), ...said].filter(isGone);
  const record = { kind: 'bank_accounts', accounts } as const;
  const former = before.filter(
    (each, at) => at >= before.length - formerAccountsMax || isLastPayee(each, before.slice(at + 1)),
  );
  return { key: bankAccountsKey, record: former.length === 0 ? record : { ...record, former } };
}

/** The last one of its currency that took money: payouts are paid from it, where none takes the currency any more. */
const isLastPayee = (account: BankAccountFacts, later: readonly BankAccountFacts[]): boolean =>
  account.purpose === undefined &&
  later.every(({ currency, purpose }) => purpose !== undefined || currency !== account.currency);

const changed = (line: BankLineFacts): BankChange => ({
  key: bankLineKey(line.id),
  record: { kind: 'bank_line', line },
});

function known(view: BankView, type: string, { id }: BankLineFacts): void {
  if (bankLineOf(view, id) === undefined) throw new BrokenInvariant(`${type} of ${id}`);
}

/** A parked line of a payment is a part of it; one that is matched is none any more. */
function waitsFor(view: BankView, { id, payment, status }: BankLineFacts): readonly BankChange[] {
  return payment === null ? [] : parts(view, payment, id, status === 'parked');
}

function parts(view: BankView, payment: string, line: string, isPart: boolean): readonly BankChange[] {
  const before = partsOf(view, payment);
  if (before.includes(line) === isPart) return [];
  const lines = isPart ? [...before, line] : before.filter((each) => each !== line);
  return [{ key: partsKey(payment), record: { kind: 'bank_parts', lines } }];
}

function imported(statement: StatementFacts): readonly BankChange[] {
  const { closingBalance, currency, iban, id, lines, linesImported } = statement;
  const change: BankChange = { key: statementKey(id), record: { kind: 'bank_statement', statement } };
  if (linesImported < lines) return [change];
  const balance = { kind: 'bank_closing', balance: closingBalance } as const;
  return [change, { key: closingKey(iban, currency), record: balance }];
}
