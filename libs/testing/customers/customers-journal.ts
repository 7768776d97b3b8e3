import { customersPart } from '@fintech-ledger/customers';
import { customerEvents } from '@fintech-ledger/customers/domain';
import type { CustomerCommand, CustomerEvent } from '@fintech-ledger/customers/domain';
import { PartJournal } from '../part-journal';

/** What the journal of a payments ledger says of customers. */
export class CustomersJournal extends PartJournal<CustomerCommand, CustomerEvent> {
  constructor(history: readonly CustomerCommand[]) {
    super(customersPart as never, customerEvents, history);
  }
}
