import type { CustomerCommand, CustomerEvent } from '@fintech-ledger/customers/domain';
import { systemActor } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';
import { LedgerCommands } from '@fintech-ledger/payments/nest';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { AbandonedClaims } from '@fintech-ledger/privacy';
import type { ClaimedSubject, ClaimEnd, SubjectKeys } from '@fintech-ledger/privacy';
import { customersPart } from '../customers-part';
import { customerIdOf } from './customer-writer';

/** Of the claims of customers: what came of each is asked of the writer of their environment's payments ledger. */
export function abandonedCustomers(
  gateway: CommandGateway,
  ledgers: PaymentsLedgers,
  keys: Pick<SubjectKeys, 'claimed' | 'settle'>,
): AbandonedClaims {
  const commands = new LedgerCommands<CustomerCommand, CustomerEvent>(gateway, ledgers, customersPart);
  return new AbandonedClaims(keys, 'customer', (subject) => endOf(commands, subject));
}

/** What a customer is found by now. */
async function endOf(
  commands: LedgerCommands<CustomerCommand, CustomerEvent>,
  { id, organizationId }: ClaimedSubject,
): Promise<ClaimEnd> {
  // Tried out and without a change, it is answered with the customer as they are.
  const { outcome } = await commands.submit(
    { type: 'UpdateCustomer', customerId: customerIdOf(id) },
    { organizationId, actor: systemActor, correlationId: `abandoned ${id}`, dryRun: true },
  );
  if (outcome.kind === 'refused') {
    const { code } = outcome.refusal;
    if (code === 'customer_not_found') return undefined;
    if (code === 'customer_deleted') return [];
    throw new Error(`what came of ${id} can not be told: ${code}`);
  }
  const { email } = JSON.parse(outcome.answer) as { readonly email: string | null };
  return email === null ? [] : [email];
}
