import { accountOf, postedBalance, readsOfLines } from '@fintech-ledger/ledger/domain';
import type { SharedView } from '@fintech-ledger/ledger/domain';
import {
  accountDisputesKey,
  accountDisputesOf,
  buckets,
  currenciesOf,
  disputeKey,
  disputeOf,
  isOpenDispute,
  ownerAccount,
  ownerKey,
} from '@fintech-ledger/payments/domain';
import type { Bucket, ChartAccount } from '@fintech-ledger/payments/domain';
import type { ConnectView } from './records';

interface Part {
  readonly bucket: Bucket;
  readonly currency: string;
  readonly of: ChartAccount;
}

/** Each part of what an account ever had. */
function partsOf(view: ConnectView, id: string): readonly Part[] {
  return currenciesOf(view, id).flatMap((currency) =>
    buckets.map((bucket) => ({ bucket, currency, of: ownerAccount(id, bucket, currency) })),
  );
}

/** Keys of the records that say what an account has, as far as the view tells. */
export function moneyReads(view: ConnectView, id: string): readonly string[] {
  const disputes = accountDisputesOf(view, id).map(disputeKey);
  return [
    ownerKey(id),
    accountDisputesKey(id),
    ...disputes,
    ...readsOfLines(partsOf(view, id).map(({ of }) => of)),
  ];
}

/** An open dispute of the account's own payments; undefined: there is none. */
export const openDisputeOf = (view: ConnectView, id: string): string | undefined =>
  accountDisputesOf(view, id).find((of) => {
    const dispute = disputeOf(view, of);
    return dispute !== undefined && isOpenDispute(dispute);
  });

/** Something that an account has left, or owes; undefined: there is nothing. */
export function leftOf(
  view: ConnectView & SharedView,
  id: string,
): { readonly amount: bigint; readonly bucket: Bucket; readonly currency: string } | undefined {
  for (const { bucket, currency, of } of partsOf(view, id)) {
    const account = accountOf(view, of.account);
    const amount = account === undefined ? 0n : postedBalance(account.type, account);
    if (amount !== 0n) return { amount, bucket, currency };
  }
  return undefined;
}
