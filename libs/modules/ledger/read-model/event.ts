import type { journalPrefix } from '@fintech-ledger/envelope';
import type { JournalFact } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** An event of a ledger's journal, of whichever module, as projections read it. Its owner is the ledger. */
export type JournalEvent = DecodedEvent<typeof journalPrefix, JournalFact>;
