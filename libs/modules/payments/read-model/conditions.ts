import { journalStream } from '@fintech-ledger/envelope';
import { reachedRevision } from '@fintech-ledger/projection-runtime';
import type { StatementParameters } from '@fintech-ledger/projection-runtime';
import { paymentsProjectionName } from './payments-projection';

/** SQL: the revision that the read model of payments has reached in a ledger. */
export const reachedOf = (ledgerId: string, p: StatementParameters): string =>
  reachedRevision(p.$(journalStream(ledgerId)), paymentsProjectionName);
