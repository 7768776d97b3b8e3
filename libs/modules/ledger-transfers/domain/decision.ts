import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import type { BookingLine, BookingRequest, SharedView } from '@fintech-ledger/ledger/domain';
import type { LedgerTransferCommand } from './commands';
import type { LedgerTransferEvent } from './events';
import type { TransfersView } from './records';
import type { ledgerTransferCommandRefusals } from './refusals';
import { transfersName } from './transit';

/** A journal's state, in which the ledger has records too. */
export type View = TransfersView & SharedView;

export type TransfersDecision<Code extends string = string> = PartDecision<LedgerTransferEvent, Code>;
/** What a command of this type comes to: refused with nothing but what its list has. */
export type DecisionOf<Type extends LedgerTransferCommand['type']> = TransfersDecision<
  CodeOf<(typeof ledgerTransferCommandRefusals)[Type]>
>;

export const decided = (...events: readonly LedgerTransferEvent[]): TransfersDecision<never> => ({
  kind: 'decided',
  events,
});

export interface Described {
  readonly id: string;
  readonly description: string | null;
}

/** The transaction says which transfer it is of, so that it is found by it in either ledger. */
export function booking(
  lines: readonly BookingLine[],
  { id, description }: Described,
  judged: boolean,
): BookingRequest {
  const metadata = { ledger_transfer: id };
  return { lines, judged, manager: transfersName, description: description ?? `Transfer ${id}`, metadata };
}
