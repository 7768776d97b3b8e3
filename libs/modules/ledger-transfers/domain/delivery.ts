import type { ReceiveLedgerTransfer } from './commands';
import type { LedgerTransferEvent } from './events';
import type { LedgerTransferFacts } from './facts';
import type { LedgerTransfersRecord } from './records';

/** How long an attempt has before the next one, and how long at most. */
const firstWaitMs = 10_000;
const longestWaitMs = 600_000;

/** What a process that has just started looks at: all transfers of which nothing is known. */
export const resumedWithinMs = longestWaitMs;

/** When the other ledger is told again. @param now RFC 3339 */
export function resumeAfter(now: string, attempt: number): string {
  const waitMs = Math.min(firstWaitMs * 2 ** Math.min(attempt - 1, 20), longestWaitMs);
  return new Date(Date.parse(now) + waitMs).toISOString();
}

/** When something has to be done about a record without a command. */
export function transferDueAt(record: LedgerTransfersRecord): string | undefined {
  if (record.kind === 'ledger_transfer_arrival') return undefined;
  return record.transfer.status === 'pending' ? record.transfer.resumeAt : undefined;
}

/** The other ledger is told of a transfer. The key is that of the transfer, at each attempt. */
export interface DeliverEffect {
  readonly kind: 'deliver';
  readonly key: string;
  readonly attempt: number;
  readonly data: ReceiveLedgerTransfer;
}

/** What an event has done outside of its ledger. */
export function deliveriesOf(event: LedgerTransferEvent): readonly DeliverEffect[] {
  switch (event.type) {
    case 'LedgerTransferCreated':
    case 'LedgerTransferResumed':
      return [deliveryOf(event.data.transfer)];
    case 'LedgerTransferUpdated':
    case 'LedgerTransferSettled':
    case 'LedgerTransferReversed':
    case 'LedgerTransferReceived':
    case 'LedgerTransferDeclined':
      return [];
  }
}

function deliveryOf(transfer: LedgerTransferFacts): DeliverEffect {
  const { amount, attempt, currency, description, from, id, side, to } = transfer;
  const data = {
    type: 'ReceiveLedgerTransfer',
    transferId: id,
    from,
    to,
    amount,
    currency,
    description,
    side,
  };
  return { kind: 'deliver', key: id, attempt, data: data as ReceiveLedgerTransfer };
}
