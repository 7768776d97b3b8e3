import { organizationProjections, postgresOrganizationQueries } from '@fintech-ledger/access';
import type { Config } from '@fintech-ledger/config';
import { postgresPublicEventQueries, publicEventsName } from '@fintech-ledger/events';
import type { AlarmSink } from '@fintech-ledger/health';
import { ledgerProjections, postgresLedgerQueries } from '@fintech-ledger/ledger';
import { postgresShares } from '@fintech-ledger/http';
import { postgresWebhookQueries, webhookEndpointsName } from '@fintech-ledger/webhooks';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { ApiDeps } from './api-deps';
import { rowAlarms } from './operations/row-alarms';
import type { ReadPools } from './read-pools';

/** What the API asks of Postgres, each over its own pool. */
export function readSideOf(
  { queries, access, turns }: ReadPools,
  alarms: AlarmSink,
  { organizationLimits, keyLimitPercent }: Pick<Config, 'organizationLimits' | 'keyLimitPercent'>,
): Pick<
  ApiDeps,
  'ledgerQueries' | 'organizationQueries' | 'publicEventQueries' | 'webhookQueries' | 'limits' | 'shares'
> {
  const ledgers = new PositionWaiter(queries, ledgerProjections);
  return {
    ledgerQueries: postgresLedgerQueries(queries, ledgers, rowAlarms(alarms), turns),
    organizationQueries: postgresOrganizationQueries(
      queries,
      new PositionWaiter(queries, organizationProjections),
      turns.plain.turns,
    ),
    publicEventQueries: postgresPublicEventQueries(
      queries,
      new PositionWaiter(queries, [publicEventsName]),
      turns.plain.turns,
    ),
    webhookQueries: postgresWebhookQueries(
      queries,
      new PositionWaiter(queries, [webhookEndpointsName]),
      turns.plain.turns,
    ),
    limits: { organization: organizationLimits, keyPercent: keyLimitPercent },
    shares: postgresShares(access),
  };
}
