import type { AccountRecord, LedgerCommand, TransactionSnapshot } from '@fintech-ledger/ledger/domain';
import { credit, debit, post, transfer } from './command-builders';
import type { Intent } from './ledger-intents';

/** A command that must be refused, whatever the state is. */
export function mistakeFor(
  { variant, picks, amount }: Intent,
  accounts: readonly AccountRecord[],
  transactions: readonly TransactionSnapshot[],
): LedgerCommand {
  const [first = 0, second = 0] = picks;
  const a = accounts[first % accounts.length]?.address ?? 'a';
  const b = accounts[second % accounts.length]?.address ?? 'b';
  const transactionId = transactions[first % transactions.length]?.id ?? 'txn_none';
  const mistakes: readonly LedgerCommand[] = [
    post([debit(a, String(amount)), credit(b, String(amount + 1))]),
    post([debit(a, '1')]),
    post(transfer(a, b, ['0', '-1', '1.5', '1e3', ' 1'][variant % 5] ?? '')),
    post(transfer(a, 'nobody', '1')),
    post(transfer(a, b, '1', 'XXX')),
    post(transfer(a, b, '1'), { effectiveAt: 'yesterday' }),
    post(transfer(a, b, '1'), { pending: true, expiresAt: '2000-01-01T00:00:00Z' }),
    post(transfer(a, b, '1'), { preconditions: [{ account: a, version: 0 }] }),
    { type: 'CaptureHold', transactionId: 'txn_none' },
    { type: 'CaptureHold', transactionId, amount: '9'.repeat(36) },
    { type: 'ReverseTransaction', transactionId, entries: [] },
    { type: 'ReverseTransaction', transactionId, amount: '9'.repeat(36) },
    { type: 'OpenAccount', address: a, accountType: 'asset', currency: 'USD' },
    { type: 'OpenAccount', address: 'x:', accountType: 'asset', currency: 'USD' },
    { type: 'AmendAccount', address: a, minBalance: '1', maxBalance: '0' },
    { type: 'FreezeAccount', address: 'nobody' },
    {
      type: 'PostTransactions',
      atomic: true,
      transactions: [{ entries: transfer(a, b, '1') }, { entries: transfer(a, 'nobody', '1') }],
    },
  ];
  return mistakes[variant % mistakes.length] ?? { type: 'VoidHold', transactionId: 'txn_none' };
}
