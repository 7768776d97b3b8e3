import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import type { BalanceLine, LineSettlement } from '../balance-line';
import { platformOwner } from '../chart';
import type { PaymentFacts } from '../facts';
import { accountSettlementKey, settlementKey } from '../records';
import type { TransferEvent } from './transfer-events';
import type { TransferFacts } from './transfer-facts';

/** A line for each of the two: what leaves the one comes to the other. */
export function linesOfTransfer(event: TransferEvent): readonly BalanceLine[] {
  switch (event.type) {
    case 'TransferCreated':
    case 'PaymentTransferCreated': {
      const { transfer } = event.data;
      return twoLines('transfer', event.data, -BigInt(transfer.amount), transfer.pending !== '0');
    }
    case 'TransferReversed':
    case 'PaymentTransferReversed': {
      const { amount, fromPending } = event.data.reversal;
      return twoLines('transfer_reversal', event.data, BigInt(amount), fromPending !== '0');
    }
    case 'TransferUpdated':
    case 'AccountSettled':
      return [];
  }
}

interface Booked {
  readonly payment?: PaymentFacts;
  readonly transaction: BookingFacts['transaction'];
  readonly transfer: TransferFacts;
}

/** @param amount the platform's */
function twoLines(
  type: 'transfer' | 'transfer_reversal',
  { payment, transaction, transfer }: Booked,
  amount: bigint,
  isPending: boolean,
): readonly BalanceLine[] {
  const { currency, destination, id: source, livemode } = transfer;
  const id = lineIdOf(transaction);
  const both = { type, fee: 0n, currency, livemode, source };
  const settlementOf = (owner: string): LineSettlement | null => {
    const { attempt = null, availableOn = null } = payment ?? {};
    if (!isPending || attempt === null || availableOn === null) return null;
    const { rail } = attempt;
    const key =
      owner === platformOwner
        ? settlementKey(rail, currency, availableOn)
        : accountSettlementKey(owner, rail, currency, availableOn);
    return { key, availableOn };
  };
  return [
    { ...both, id, owner: platformOwner, amount, settlement: settlementOf(platformOwner) },
    {
      ...both,
      id: `${id}_account`,
      owner: destination,
      amount: -amount,
      settlement: settlementOf(destination),
    },
  ];
}
