import type { journalPrefix } from '@fintech-ledger/envelope';
import type { LedgerEvent } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** An event of a ledger's journal, as projections read it. Its owner is the ledger. */
export type JournalEvent = DecodedEvent<typeof journalPrefix, LedgerEvent>;
