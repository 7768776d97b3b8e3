import type { TotalsRow } from '../../balances/balance-view';
import type { FaultyRow } from '../../read-model/sound-rows';

export interface EntryRow extends TotalsRow, FaultyRow {
  readonly event_id: string;
  readonly sequence: string;
  readonly recorded_ms: string;
  readonly effective_ms: string;
  readonly effect: string;
  readonly direction: string;
  readonly event_type: string;
  readonly transaction_id: string;
  readonly amount: string;
  readonly description: string | null;
}

export const entryColumns =
  'e.event_id, e.sequence, e.recorded_ms, e.effective_ms, e.effect, e.direction, e.event_type, e.transaction_id, e.amount, ' +
  'e.posted_debits, e.posted_credits, e.pending_debits, e.pending_credits';
