import { isSameJson, refused } from '@fintech-ledger/contract';
import { readsOfLines } from '@fintech-ledger/ledger/domain';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import {
  bankAccountsKey,
  bankChargeAccounts,
  bookingReads,
  chartAccount,
  currencyRefusal,
  paymentKey,
  payoutKey,
  payoutOf,
  payoutReads,
  referenceKey,
  referredPayment,
  refundKey,
  refundOf,
} from '@fintech-ledger/payments/domain';
import { apportionBankLine } from './apportion-line';
import type { BankCommand, ImportBankLines, NewLine, PutBankAccounts } from './commands';
import { importBankLines, lineIdOf } from './decide-import';
import { eraseBankLine, matchBankLine } from './decide-line';
import { cancelBankReturn, returnBankLine } from './decide-return';
import type { DecisionOf } from './decision';
import type { AnyView } from './draft';
import { bankAccountsOf } from './bank-accounts';
import type { BankAccountFacts } from './facts';
import { bankLineKey, bankLineOf, closingKey, partsKey, partsOf, statementKey } from './records';
import type { BankView } from './records';
import { ibanRepeated } from './refusals';

/** What a command does: its events, also of payments, or why not. Pure; the view is not changed. */
export function decideBank(
  view: AnyView,
  command: BankCommand,
  context: DecideContext,
): DecisionOf<BankCommand['type']> {
  switch (command.type) {
    case 'PutBankAccounts':
      return putBankAccounts(view, command, context);
    case 'ImportBankLines':
      return importBankLines(view, command, context);
    case 'MatchBankLine':
      return matchBankLine(view, command, context);
    case 'ApportionBankLine':
      return apportionBankLine(view, command, context);
    case 'ReturnBankLine':
      return returnBankLine(view, command, context);
    case 'CancelBankReturn':
      return cancelBankReturn(view, command, context);
    case 'EraseBankLine':
      return eraseBankLine(view, command);
  }
}

/** An account keeps its id as long as it has its IBAN. */
function putBankAccounts(
  view: BankView,
  { accounts }: PutBankAccounts,
  { newId, now }: DecideContext,
): DecisionOf<'PutBankAccounts'> {
  const before = bankAccountsOf(view);
  const bankAccounts: BankAccountFacts[] = [];
  for (const [at, said] of accounts.entries()) {
    if (bankAccounts.some(({ iban }) => iban === said.iban))
      return refused(ibanRepeated, 'It is that of an earlier one.', `/bank_accounts/${at}/iban`);
    const noCurrency =
      said.currency === null
        ? undefined
        : currencyRefusal(said.currency, now, `/bank_accounts/${at}/currency`);
    if (noCurrency !== undefined) return noCurrency;
    const known = before.find(({ iban }) => iban === said.iban);
    bankAccounts.push({ ...said, id: known?.id ?? newId('ba', at) });
  }
  const event = { type: 'BankAccountsChanged', data: { bankAccounts } } as const;
  if (isSameJson(before, bankAccounts)) return { kind: 'decided', events: [], answeredAs: [event] };
  return { kind: 'decided', events: [event] };
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfBank(command: BankCommand, view: BankView): readonly string[] {
  switch (command.type) {
    case 'PutBankAccounts':
      return [bankAccountsKey];
    case 'ImportBankLines':
      return importReads(command, view);
    case 'MatchBankLine':
    case 'ApportionBankLine': {
      const line = bankLineOf(view, command.lineId);
      const objects = command.type === 'MatchBankLine' ? [command.object] : command.objects;
      return [
        ...lineAndParts(view, command.lineId),
        ...(line === undefined ? [] : accountReads(line.currency)),
        ...objects.flatMap((object) => objectReads(view, object, line?.bookedOn ?? '')),
      ];
    }
    case 'ReturnBankLine':
    case 'CancelBankReturn': {
      const line = bankLineOf(view, command.lineId);
      const reference = line?.reference ?? null;
      return [
        ...lineAndParts(view, command.lineId),
        ...(reference === null ? [] : [referenceKey(reference)]),
        ...(line === undefined ? [] : accountReads(line.currency)),
      ];
    }
    case 'EraseBankLine':
      return lineAndParts(view, command.lineId);
  }
}

function importReads({ lines, statement }: ImportBankLines, view: BankView): readonly string[] {
  const { currency, iban, id } = statement;
  const own = [bankAccountsKey, statementKey(id), closingKey(iban, currency), ...accountReads(currency)];
  return [...new Set([...own, ...lines.flatMap((line) => lineReads(line, view))])];
}

function lineReads(line: NewLine, view: BankView): readonly string[] {
  const { bookedOn, named, origin, reference, subject } = line;
  const referred = reference === null ? undefined : referredPayment(view, reference);
  const payment = referred ?? named;
  return [
    bankLineKey(lineIdOf(subject)),
    ...(reference === null ? [] : [referenceKey(reference)]),
    ...(payment === null ? [] : objectReads(view, payment, bookedOn)),
    // Whatever it looks like: who wrote it is not known yet.
    ...(origin === null
      ? []
      : [...lineAndParts(view, origin), ...refundReads(view, origin), ...payoutReadsOf(view, origin)]),
  ];
}

/** A line, with the parts of the payment that it waits for. */
function lineAndParts(view: BankView, id: string): readonly string[] {
  const waits = bankLineOf(view, id)?.payment ?? null;
  return [bankLineKey(id), ...(waits === null ? [] : [partsKey(waits)])];
}

/** A refund with its payment. */
function refundReads(view: BankView, id: string): readonly string[] {
  const refund = refundOf(view, id);
  return [refundKey(id), ...(refund === undefined ? [] : bookingReads(view, refund.payment))];
}

function payoutReadsOf(view: BankView, id: string): readonly string[] {
  const payout = payoutOf(view, id);
  return [payoutKey(id), ...(payout === undefined ? [] : payoutReads(payout))];
}

/** A payment with the lines that wait for it, a refund, a payout, or a line that is to go back. */
function objectReads(view: BankView, id: string, bookedOn: string): readonly string[] {
  if (id.startsWith('re_')) return refundReads(view, id);
  if (id.startsWith('po_')) return payoutReadsOf(view, id);
  if (id.startsWith('bsl_')) return lineAndParts(view, id);
  const parts = partsOf(view, id).map(bankLineKey);
  const day = `${bookedOn}T00:00:00.000Z`;
  return [paymentKey(id), partsKey(id), ...parts, ...transferReads(view, id, day)];
}

/** What its capture reads, whichever time that is told of. See `transferAvailableOn`. */
function transferReads(view: BankView, id: string, day: string): readonly string[] {
  const record = view.get(paymentKey(id)) as
    { readonly payment?: { readonly createdAt: string } } | undefined;
  const made = record?.payment?.createdAt ?? day;
  return [...bookingReads(view, id, day), ...bookingReads(view, id, made)];
}

const accountReads = (currency: string): readonly string[] =>
  readsOfLines([
    ...(['bank', 'refundsInTransit'] as const).map((name) => chartAccount(name, currency)),
    ...bankChargeAccounts(currency),
  ]);
