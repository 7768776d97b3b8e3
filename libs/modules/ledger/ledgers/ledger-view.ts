import type { LedgerView } from '@fintech-ledger/access/domain';
import type { LedgerFacts } from '@fintech-ledger/ledger/domain';

/** A ledger in the API's shape. */
export function ledgerView(ledger: LedgerFacts): LedgerView {
  const { id, name, description, managed, metadata, createdAt } = ledger;
  return {
    id,
    object: 'ledger',
    name,
    description,
    ...(managed !== null && { managed }),
    metadata,
    created_at: createdAt,
  };
}
