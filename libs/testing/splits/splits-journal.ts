import { splitsPart } from '@fintech-ledger/splits';
import { splitEvents } from '@fintech-ledger/splits/domain';
import type { SplitCommand, SplitEvent } from '@fintech-ledger/splits/domain';
import { PartJournal } from '../part-journal';

/** What the journal of a payments ledger says of split rules. */
export class SplitsJournal extends PartJournal<SplitCommand, SplitEvent> {
  constructor(history: readonly SplitCommand[]) {
    super(splitsPart as never, splitEvents, history);
  }
}
