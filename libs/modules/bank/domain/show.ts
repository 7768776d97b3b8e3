import type { BankAccountFacts, BankLineFacts, StatementFacts } from './facts';
import type { BankAccountView, BankLineView, BankStatementView } from './views';

/* In the API's shapes; what is personal is sealed. What is rendered for a recorded event never changes. */

export const showBankAccount = (account: BankAccountFacts): BankAccountView => ({
  id: account.id,
  object: 'bank_account',
  iban: account.iban,
  bic: account.bic,
  account_holder: account.accountHolder,
  currency: account.currency,
  purpose: account.purpose ?? 'collection',
});

export function showBankStatement(statement: StatementFacts): BankStatementView {
  const { differs, importedBefore, openingBalance, previousClosing } = statement;
  return {
    id: statement.id,
    object: 'bank_statement',
    statement_id: statement.statementId,
    bank_account: statement.bankAccount,
    currency: statement.currency,
    from: statement.from,
    to: statement.to,
    opening_balance: openingBalance,
    closing_balance: statement.closingBalance,
    previous_closing_balance: previousClosing,
    continues: previousClosing === null || previousClosing === openingBalance,
    lines: statement.lines,
    lines_imported: statement.linesImported,
    matched: statement.matched,
    parked: statement.parked,
    imported_at: statement.importedAt,
    livemode: statement.livemode,
    ...(importedBefore !== undefined && { imported_before: importedBefore }),
    ...(differs !== undefined && { differs }),
  };
}

export function showBankLine(line: BankLineFacts): BankLineView {
  return {
    id: line.id,
    object: 'bank_statement_line',
    status: line.status,
    parked_because: line.parkedBecause,
    amount: line.left,
    original_amount: line.amount,
    currency: line.currency,
    direction: line.direction,
    matches: line.matches.map(({ amount, description, object }) => ({
      object,
      amount,
      description: description ?? null,
    })),
    payment: line.payment,
    bank_account: line.bankAccount,
    statement: line.statement,
    booked_on: line.bookedOn,
    value_on: line.valueOn,
    reference: line.reference,
    bank_reference: line.bankReference,
    party_name: line.partyName,
    party_iban: line.partyIban,
    remittance: line.remittance,
    end_to_end_id: line.endToEndId,
    returned_at: line.returnedAt,
    created_at: line.createdAt,
    livemode: line.livemode,
  };
}
