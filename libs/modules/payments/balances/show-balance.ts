import { netOf } from '@fintech-ledger/payments/domain';
import type { BalanceTransactionView, BalanceView, Bucket } from '@fintech-ledger/payments/domain';
import type { StoredBalance, StoredLine } from '../read-model/queries';

/** Each currency in each list; before any money the default one. */
export function showBalance(
  balances: readonly StoredBalance[],
  livemode: boolean,
  defaultCurrency: string,
): BalanceView {
  const currencies = [...new Set(balances.map(({ currency }) => currency))].sort();
  if (currencies.length === 0) currencies.push(defaultCurrency);
  const listOf = (bucket: Bucket): BalanceView['available'] =>
    currencies.map((currency) => {
      const of = balances.find((each) => each.bucket === bucket && each.currency === currency);
      return { amount: of?.amount ?? '0', currency };
    });
  return {
    object: 'balance',
    available: listOf('available'),
    pending: listOf('pending'),
    reserved: listOf('reserved'),
    in_transit: listOf('in_transit'),
    livemode,
  };
}

/** Who takes what of the fee: its rail, and the platform. */
function feeDetails({ applicationFee, currency, fee }: StoredLine): BalanceTransactionView['fee_details'] {
  const ofRail = String(BigInt(fee) - BigInt(applicationFee));
  const all = [
    { type: 'processing_fee', amount: ofRail, currency, description: 'Fee of the rail' },
    { type: 'application_fee', amount: applicationFee, currency, description: 'Fee of the platform' },
  ] as const;
  return all.filter(({ amount }) => amount !== '0');
}

export function showBalanceTransaction(line: StoredLine, ledgerId: string): BalanceTransactionView {
  const { amount, currency, fee, livemode, revision } = line;
  const timeOf = (ms: number): string => new Date(ms).toISOString();
  return {
    id: line.id,
    object: 'balance_transaction',
    type: line.type,
    amount,
    fee,
    net: String(netOf({ amount: BigInt(amount), fee: BigInt(fee) })),
    moved: line.moved,
    fee_details: feeDetails(line),
    currency,
    source: line.source,
    status: line.isPending ? 'pending' : 'available',
    available_on: timeOf(line.availableMs),
    created_at: timeOf(line.createdMs),
    livemode,
    position: `${ledgerId}@${revision}`,
  };
}
