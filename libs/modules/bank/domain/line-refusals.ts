import { refused } from '@fintech-ledger/contract';
import type { BankLineFacts } from './facts';
import { bankLineNotFound, bankLineUnexpectedState } from './refusals';
import { showBankLine } from './show';

export const noLine = (id: string) => refused(bankLineNotFound, `There is no line ${id}.`);

/** With the line as it is. */
export function unexpectedState(line: BankLineFacts, why: string) {
  const { refusal } = refused(bankLineUnexpectedState, why);
  return {
    kind: 'refused',
    refusal: { ...refusal, objects: { bank_statement_line: showBankLine(line) } },
  } as const;
}

/** Nothing is left of it. */
export const spent = (line: BankLineFacts) =>
  unexpectedState(line, `Line ${line.id} is ${line.status}: nothing of it is left.`);
