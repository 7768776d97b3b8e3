import { movesMoney } from '@fintech-ledger/ledger/domain';
import type { BookedEntry, Metadata } from '@fintech-ledger/ledger/domain';
import type { ExportedEvent } from './export-source';

/** What one event adds to posted balances. Holds add nothing until they are captured. */
export interface ExportedMove {
  /** The transaction's id; of a capture with the revision, because a hold may be captured more than once. */
  readonly id: string;
  readonly effectiveAt: string;
  readonly description: string | null;
  readonly reference: string | null;
  readonly metadata: Metadata;
  readonly reverses: string | null;
  readonly entries: readonly BookedEntry[];
}

/** Undefined: the event posts nothing. */
export function exportedMove({ event, revision, effectiveAt }: ExportedEvent): ExportedMove | undefined {
  if (!movesMoney(event)) return undefined;
  const entries = event.data.entries.filter(({ effect }) => effect === 'post' || effect === 'capture');
  if (entries.length === 0) return undefined;
  const { transaction } = event.data;
  return {
    id: event.type === 'HoldCaptured' ? `${transaction.id}-${revision}` : transaction.id,
    effectiveAt,
    description: transaction.description,
    reference: transaction.reference,
    metadata: transaction.metadata,
    reverses: transaction.reverses,
    entries,
  };
}

/** References for a file that is imported again, where each is taken once: of a hold's captures the first has it. */
export class ImportableReferences {
  /** Holds of which some was captured, and some is held. */
  private readonly captured = new Set<string>();

  of({ event }: ExportedEvent, { reference }: ExportedMove): string | null {
    if (reference === null || event.type !== 'HoldCaptured' || !movesMoney(event)) return reference;
    const { id, status } = event.data.transaction;
    const isFirst = !this.captured.has(id);
    if (status === 'pending') this.captured.add(id);
    else this.captured.delete(id);
    return isFirst ? reference : null;
  }
}

/** Signed minor units: a debit is positive. */
export function signedAmount({ amount, direction }: BookedEntry): bigint {
  return direction === 'debit' ? BigInt(amount) : -BigInt(amount);
}
