import { connectPart } from '@fintech-ledger/connect';
import { connectEvents } from '@fintech-ledger/connect/domain';
import type { ConnectCommand, ConnectEvent } from '@fintech-ledger/connect/domain';
import { paymentEvents } from '@fintech-ledger/payments/domain';
import type { ScheduleEvent } from '@fintech-ledger/payments/domain';
import { PartJournal } from '../part-journal';

/** What the journal of a payments ledger says of connected accounts. */
export class ConnectJournal extends PartJournal<ConnectCommand, ConnectEvent | ScheduleEvent> {
  constructor(history: readonly ConnectCommand[]) {
    super(connectPart as never, connectEvents.with(paymentEvents), history);
  }
}
