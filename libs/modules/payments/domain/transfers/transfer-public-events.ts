import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { publicEvent, unpublished } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import { availableShape } from '../balance-views';
import type { AvailableView } from '../balance-views';
import { ownerAccount } from '../chart';
import { showTransfer } from './show-transfer';
import type { AccountSettlementFacts } from './transfer-events';
import type { TransferFacts } from './transfer-facts';
import { transferShape } from './transfer-views';
import type { TransferView } from './transfer-views';

interface OfTransfer {
  readonly transfer: TransferFacts;
}
function told(name: string, description: string, shows: Partial<TransferView>): PublicEventType<OfTransfer> {
  return publicEvent<OfTransfer, TransferView>({
    name,
    description,
    object: transferShape,
    shows,
    idsOf: ({ transfer: { destination, id, sourcePayment } }) => [
      id,
      destination,
      ...(sourcePayment === null ? [] : [sourcePayment]),
    ],
    objectOf: ({ transfer }) => showTransfer(transfer),
  });
}
export const transferCreated = told('transfer.created', 'Money went to a connected account.', {});
export const transferReversed = told(
  'transfer.reversed',
  'What was transferred went back, or a part of it.',
  {
    amount_reversed: '3000',
    reversed: true,
  },
);

interface Settled {
  readonly entries: BookingFacts['entries'];
  readonly settlement: AccountSettlementFacts;
}
/** Both accounts are in its entries: one becomes what the other one was. */
function showAvailable({ entries, settlement: { account, currency } }: Settled): AvailableView {
  const after = (bucket: 'available' | 'pending'): AvailableView['available'] => {
    const { account: address } = ownerAccount(account, bucket, currency);
    const entry = entries.findLast((each) => each.account === address);
    const { postedCredits = '0', postedDebits = '0' } = entry?.after ?? {};
    return [{ amount: String(BigInt(postedCredits) - BigInt(postedDebits)), currency }];
  };
  return {
    object: 'balance',
    available: after('available'),
    pending: after('pending'),
    connected_account: account,
  };
}

/** What the journal of a payments ledger tells clients of transfers, and of what comes to connected accounts. */
export const transferPublicEvents = {
  TransferCreated: [transferCreated],
  PaymentTransferCreated: [transferCreated],
  TransferUpdated: unpublished('What a transfer is for says nothing of the money.'),
  TransferReversed: [transferReversed],
  PaymentTransferReversed: [transferReversed],
  AccountSettled: [
    publicEvent<Settled, AvailableView>({
      name: 'balance.available',
      description: 'Something became available: the balance in its currency after that.',
      object: availableShape,
      idsOf: ({ settlement }) => ['balance', settlement.account],
      objectOf: showAvailable,
    }),
  ],
} as const;
