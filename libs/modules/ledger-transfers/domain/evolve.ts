import { BrokenInvariant } from '@fintech-ledger/contract';
import type { LedgerTransferEvent } from './events';
import type { LedgerTransferFacts } from './facts';
import { arrivalKey, arrivalOf, ledgerTransferKey, ledgerTransferOf } from './records';
import type { LedgerTransfersRecord, TransfersView } from './records';

interface LedgerTransfersChange {
  readonly key: string;
  readonly record: LedgerTransfersRecord;
}

/** The record that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveLedgerTransfers(
  view: TransfersView,
  { type, data }: LedgerTransferEvent,
): readonly LedgerTransfersChange[] {
  switch (type) {
    case 'LedgerTransferCreated':
      if (ledgerTransferOf(view, data.transfer.id)) throw broken(type, data.transfer.id);
      return [changed(data.transfer)];
    case 'LedgerTransferUpdated':
    case 'LedgerTransferResumed':
    case 'LedgerTransferSettled':
    case 'LedgerTransferReversed': {
      const { transfer } = data;
      const before = ledgerTransferOf(view, transfer.id);
      const mayFollow =
        before !== undefined && (type === 'LedgerTransferUpdated' || before.status === 'pending');
      if (!mayFollow) throw broken(type, transfer.id);
      return [changed(transfer)];
    }
    case 'LedgerTransferReceived':
    case 'LedgerTransferDeclined': {
      const { arrival } = data;
      if (arrivalOf(view, arrival.id)) throw broken(type, arrival.id);
      return [{ key: arrivalKey(arrival.id), record: { kind: 'ledger_transfer_arrival', arrival } }];
    }
  }
}

const changed = (transfer: LedgerTransferFacts): LedgerTransfersChange => ({
  key: ledgerTransferKey(transfer.id),
  record: { kind: 'ledger_transfer', transfer },
});
const broken = (type: string, id: string): BrokenInvariant =>
  new BrokenInvariant(`${type} of ${id} contradicts what is known of it`);
