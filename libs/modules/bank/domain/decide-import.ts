import { refused } from '@fintech-ledger/contract';
import { currencyRefusal, payeeAccounts, unknownBankAccount } from '@fintech-ledger/payments/domain';
import { bookLine } from './apply-line';
import type { ImportBankLines, NewLine } from './commands';
import type { DecisionOf } from './decision';
import { Draft } from './draft';
import type { AnyView } from './draft';
import type { BankLineFacts, StatementFacts } from './facts';
import { closingOf, statementOf } from './records';
import { statementChanged, statementInvalid } from './refusals';
import type { DecideContext } from '@fintech-ledger/ledger/domain';

/** A line's id, of that of its data subject: neither has to be looked up by the other. */
export const lineIdOf = (subject: string): string => `bsl_${subject.slice('sub_'.length)}`;

/** Lines that are imported already stay as they are: the answer says how far the statement is. */
export function importBankLines(
  view: AnyView,
  command: ImportBankLines,
  context: DecideContext,
): DecisionOf<'ImportBankLines'> {
  const { from, lines, place, statement: said } = command;
  const account = payeeAccounts(view, said.livemode).find(
    ({ currency, iban }) => iban === said.iban && (currency ?? said.currency) === said.currency,
  );
  if (account === undefined) {
    const why = `There is no bank account ${said.iban} in ${said.currency} here: PUT /v1/bank_accounts says them.`;
    return refused(unknownBankAccount, why, `${place}/Acct`);
  }
  const noCurrency = currencyRefusal(said.currency, context.now);
  if (noCurrency !== undefined)
    return refused(statementInvalid, noCurrency.refusal.detail, `${place}/Acct/Ccy`);
  const known = statementOf(view, said.id);
  if (known !== undefined) {
    const isWhole = known.linesImported === known.lines;
    if (!isWhole && known.digest !== said.digest)
      return refused(
        statementChanged,
        `${known.linesImported} lines of ${said.statementId} are imported.`,
        place,
      );
    if (isWhole || from !== known.linesImported) {
      const differs = isWhole && !isSaidAgain(known, said);
      const bankStatement = { ...known, importedBefore: isWhole, ...(differs && { differs }) };
      const event = { type: 'BankStatementImported', data: { bankStatement } } as const;
      return { kind: 'decided', events: [], answeredAs: [event] };
    }
  }
  // It could not be booked, and no command may end its writer.
  if (lines.some(({ amount }) => BigInt(amount) <= 0n))
    return refused(statementInvalid, 'A line of it is of nothing.', place);
  const draft = new Draft(view, context);
  const all = lines.map((line) => bookLine(draft, lineOf(line, said, account.id, context.now), line.named));
  const matched = all.filter(({ status }) => status === 'matched').length;
  const bankStatement: StatementFacts = {
    ...said,
    bankAccount: account.id,
    importedAt: known?.importedAt ?? context.now,
    linesImported: (known?.linesImported ?? 0) + all.length,
    matched: (known?.matched ?? 0) + matched,
    parked: (known?.parked ?? 0) + all.length - matched,
    previousClosing:
      known === undefined ? (closingOf(view, said.iban, said.currency) ?? null) : known.previousClosing,
  };
  draft.add({ type: 'BankStatementImported', data: { bankStatement } });
  return { kind: 'decided', events: draft.events };
}

/** Banks may begin to count again, or correct a statement under its id. */
const isSaidAgain = (known: StatementFacts, said: ImportBankLines['statement']): boolean =>
  known.digest === said.digest &&
  known.openingBalance === said.openingBalance &&
  known.closingBalance === said.closingBalance;

function lineOf(
  { named: _named, ...line }: NewLine,
  { currency, id: statement, livemode }: ImportBankLines['statement'],
  bankAccount: string,
  now: string,
): BankLineFacts {
  return {
    ...line,
    ...{ bankAccount, createdAt: now, currency, livemode, statement },
    id: lineIdOf(line.subject),
    left: line.amount,
    matches: [],
    parkedBecause: null,
    payment: null,
    returnedAt: null,
    status: 'parked',
  };
}
