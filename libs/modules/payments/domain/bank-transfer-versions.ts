import { eitherOf, exactly, object, orNull, text, textOrNull, withMore } from '@fintech-ledger/contract';
import type { AnyEventType } from '@fintech-ledger/contract';
import type { Redirect, TransferInstructions } from './facts';

const nextAction = orNull(
  eitherOf(
    object<Redirect>({ type: exactly('redirect_to_url'), url: text() }),
    object<TransferInstructions>({
      type: exactly('display_bank_transfer_instructions'),
      accountHolder: text(),
      bic: textOrNull(),
      iban: text(),
      reference: text({ description: 'ISO 11649, without spaces', pattern: '^RF[0-9]{2}[A-Z0-9]{1,21}$' }),
    }),
  ),
);

/** What may leave a payment waiting for a transfer. */
const waiting = ['PaymentActionRequired', 'PaymentUpdated'];

/** With one version more where the payment may wait for a transfer. */
export function withBankTransfers<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) =>
    waiting.includes(type.name) ? withMore(type, { payment: { nextAction: nextAction.json } }) : type,
  ) as unknown as T;
}
