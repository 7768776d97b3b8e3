import { accountsProjection, entriesProjection, transactionsProjection } from '@fintech-ledger/ledger';
import { directoryProjection } from '@fintech-ledger/access';

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
