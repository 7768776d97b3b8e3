import { accountsProjection } from './accounts/accounts-projection';
import { directoryProjection } from './directory/directory-projection';
import { entriesProjection } from './entries/entries-projection';
import { transactionsProjection } from './transactions/transactions-projection';

/** Every read model, in the order in which their rows are written. */
export const projections = [
  accountsProjection,
  transactionsProjection,
  entriesProjection,
  directoryProjection,
] as const;
/** What a query about a ledger, and about an organization, may read: all of it must have reached the position that is waited for. */
export const ledgerProjections = [accountsProjection, transactionsProjection, entriesProjection].map(
  ({ name }) => name,
);
export const organizationProjections = [directoryProjection.name];

export { decodableTypes, decodeEvent } from './decode-event';
export type { ReadModelEvent } from './event';
export type { RowObserver } from './queries/ledger/inconsistent-rows';
export { postgresLedgerQueries } from './queries/ledger/ledger-queries';
export { postgresOrganizationQueries } from './queries/organization/organization-queries';
export { postgresProjectionQueries } from './queries/projection-queries';
