import { journalPrefix } from '@fintech-ledger/envelope';
import { ledgerParameter } from '@fintech-ledger/ledger';
import type { Database } from '@fintech-ledger/postgres';
import { postgresRebuilds } from '@fintech-ledger/projection-runtime';
import type { Rebuilds } from '@fintech-ledger/projection-runtime';
import { modules } from '../../../modules';

/** Rebuilds of the product's read models. */
export const rebuildsOf = (db: Database): Rebuilds =>
  postgresRebuilds(db, modules.projections, {
    outboxes: modules.outboxes,
    journalPrefix,
    ledgerNotFound: ledgerParameter.refusal,
  });
