import { historyPageShape } from '@fintech-ledger/ledger/domain';
import { digits, text } from '@fintech-ledger/shapes';
import type { FxEvent } from './events';

export const fxHistoryPage = historyPageShape({
  name: 'FxHistoryItem',
  description: 'What happened to a rate, a quote or a conversion: an event of the journal, with its entries.',
  type: text(
    'What happened; as the public event is called, where clients are told.',
    'fx.conversion.created',
  ),
  account: text('The address of the account.', 'payments:positions:EUR-USD:EUR'),
  amount: digits('In minor units.', '10000'),
  currency: text('The currency of the account.', 'EUR'),
  idempotencyKey: 'conversion-1',
  entries: 'What it booked; nothing where it books nothing.',
  changes: [
    'Members of the object that it changed, with their old values. Of the first event: nothing.',
    { conversion: null },
  ],
});

/** How an event of the journal is called in a history. */
export function fxHistoryType(type: FxEvent['type']): string {
  switch (type) {
    case 'FxRateSet':
      return 'fx.rate.created';
    case 'FxQuoteCreated':
      return 'fx.quote.created';
    case 'FxConversionCreated':
      return 'fx.conversion.created';
  }
}
