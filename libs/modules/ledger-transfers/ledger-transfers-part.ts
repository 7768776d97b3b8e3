import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';
import {
  decideLedgerTransfers,
  deliveriesOf,
  evolveLedgerTransfers,
  ledgerTransferEvents,
  ledgerTransferKeys,
  readsOfLedgerTransfers,
  resumedWithinMs,
  showArrival,
  showLedgerTransfer,
  transferDueAt,
} from '@fintech-ledger/ledger-transfers/domain';
import type {
  LedgerTransferCommand,
  LedgerTransferEvent,
  LedgerTransfersRecord,
} from '@fintech-ledger/ledger-transfers/domain';

/** What the module does in the journals of ledgers, as the one that money leaves and as the one that it arrives in. */
export const ledgerTransfersPart: DomainPart<
  LedgerTransferCommand,
  LedgerTransferEvent,
  LedgerTransfersRecord,
  LedgerTransfersRecord | LedgerRecord
> = {
  commands: {
    CreateLedgerTransfer: true,
    UpdateLedgerTransfer: true,
    ReceiveLedgerTransfer: true,
    RecordLedgerTransferOutcome: true,
    ResumeLedgerTransfers: true,
  },
  events: ledgerTransferEvents,
  records: ledgerTransferKeys,
  reads: readsOfLedgerTransfers,
  decide: decideLedgerTransfers,
  costOf: (command) => (command.type === 'ResumeLedgerTransfers' ? command.keys.length : 1),
  evolve: evolveLedgerTransfers,
  dueAt: transferDueAt,
  dueCommand: (keys) => ({ type: 'ResumeLedgerTransfers', keys }),
  resumption: {
    withinMs: resumedWithinMs,
    commands: (keys) => [{ type: 'ResumeLedgerTransfers', keys, isResumed: true }],
  },
  effectsOf: deliveriesOf,
  answer: transfersAnswer,
};

/** The transfer, as the last event left it; of what arrives, what became of it. */
function transfersAnswer(request: AnswerRequest<LedgerTransferCommand, LedgerTransferEvent>): string {
  const { dryRun, events, revision, stream } = request;
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  const data = events.at(-1)?.data;
  if (data === undefined) return JSON.stringify(at);
  if ('arrival' in data) return JSON.stringify({ ...showArrival(data.arrival), ...at });
  return JSON.stringify({ ...showLedgerTransfer(data.transfer), ...at });
}
