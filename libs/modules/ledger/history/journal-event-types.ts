import { ledgerEvents } from '@fintech-ledger/ledger/domain';

let names: readonly string[] = ledgerEvents.names;

/** The types of events that journals hold: with those of other modules, once it is known which there are. */
export const journalEventTypes = (): readonly string[] => names;

/** Other modules have joined the journals. */
export function journalsHold(all: readonly string[]): void {
  names = [...new Set([...names, ...all])];
}
