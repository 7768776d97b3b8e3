import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { buckets, chartAccount, clearingAccount, ownerAccount } from '../chart';
import { connectedAccountKey } from '../connected-accounts';
import {
  accountSettlementKey,
  nettingKey,
  ownerKey,
  paymentKey,
  paymentOf,
  settlementKey,
  transferKey,
  transferOf,
} from '../records';
import type { AccountSettlementRecord, PaymentsView } from '../records';
import { youngMoneyKey } from '../schedules/young-slots';
import { transferAccounts } from './transfer-bookings';
import type { TransferCommand } from './transfer-commands';

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function transferReads(command: TransferCommand, view: PaymentsView): readonly string[] {
  if (command.type === 'CreateTransfer') {
    const { currency, destination, sourcePayment } = command;
    return [
      connectedAccountKey(destination),
      ownerKey(destination),
      youngMoneyKey(destination, currency),
      ...readsOfLines(buckets.map((bucket) => ownerAccount(destination, bucket, currency))),
      ...reads(view, destination, currency, sourcePayment),
    ];
  }
  const key = transferKey(command.transferId);
  const transfer = transferOf(view, command.transferId);
  if (transfer === undefined) return [key];
  const { currency, destination, sourcePayment } = transfer;
  return [key, youngMoneyKey(destination, currency), ...reads(view, destination, currency, sourcePayment)];
}

function reads(
  view: PaymentsView,
  destination: string,
  currency: string,
  sourcePayment: string | null,
): readonly string[] {
  const accounts = readsOfLines(transferAccounts(destination, currency));
  if (sourcePayment === null) return accounts;
  const { attempt = null, availableOn = null } = paymentOf(view, sourcePayment) ?? {};
  const settlements =
    attempt === null || availableOn === null
      ? []
      : [
          settlementKey(attempt.rail, currency, availableOn),
          accountSettlementKey(destination, attempt.rail, currency, availableOn),
        ];
  return [...accounts, paymentKey(sourcePayment), ...settlements];
}

/** What settling a connected account's pending money reads. */
export function accountSettlementReads(record: AccountSettlementRecord): readonly string[] {
  const { account, currency, rail } = record;
  const accounts = [
    ...(['available', 'pending'] as const).map((bucket) => ownerAccount(account, bucket, currency)),
    chartAccount('bank', currency),
    clearingAccount(rail, currency),
  ];
  return [nettingKey(rail, currency), ...readsOfLines(accounts)];
}
