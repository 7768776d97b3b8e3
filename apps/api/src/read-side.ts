import { organizationProjections, postgresOrganizationQueries } from '@fintech-ledger/access';
import type { AlarmSink } from '@fintech-ledger/health';
import { ledgerProjections, postgresLedgerQueries } from '@fintech-ledger/ledger';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { ApiDeps } from './api-deps';
import { rowAlarms } from './operations/row-alarms';
import type { ReadPools } from './read-pools';

/** What the API asks of the read models, each over its own pool. */
export function readSideOf(
  { queries, access, expensive }: ReadPools,
  alarms: AlarmSink,
): Pick<ApiDeps, 'ledgerQueries' | 'organizationQueries' | 'apiKeys'> {
  const organizations = (database: Database): ApiDeps['organizationQueries'] =>
    postgresOrganizationQueries(database, new PositionWaiter(database, organizationProjections));
  const ledgers = new PositionWaiter(queries, ledgerProjections);
  return {
    ledgerQueries: postgresLedgerQueries(queries, ledgers, rowAlarms(alarms), expensive),
    organizationQueries: organizations(queries),
    apiKeys: organizations(access),
  };
}
