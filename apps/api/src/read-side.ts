import {
  auditLogName,
  merkleLogName,
  postgresAuditLogQueries,
  postgresMerkleLogQueries,
} from '@fintech-ledger/audit';
import { organizationProjections, postgresOrganizationQueries } from '@fintech-ledger/access';
import type { Config } from '@fintech-ledger/config';
import { postgresPublicEventQueries, publicEventsName } from '@fintech-ledger/events';
import type { AlarmSink } from '@fintech-ledger/health';
import { ledgerProjections, postgresLedgerQueries } from '@fintech-ledger/ledger';
import {
  ledgerTransfersProjectionName,
  postgresLedgerTransferQueries,
} from '@fintech-ledger/ledger-transfers';
import { bankProjectionName, postgresBankQueries } from '@fintech-ledger/bank';
import { connectProjectionName, postgresConnectQueries } from '@fintech-ledger/connect';
import { fxProjectionName, postgresFxQueries } from '@fintech-ledger/fx';
import { postgresSplitQueries, splitRulesProjectionName } from '@fintech-ledger/splits';
import { customersProjectionName, postgresCustomerQueries } from '@fintech-ledger/customers';
import { paymentsProjectionName, postgresPaymentQueries } from '@fintech-ledger/payments';
import { dataSubjectsName, postgresDataSubjectQueries } from '@fintech-ledger/privacy';
import { postgresDueStreamsOf } from '@fintech-ledger/checkpoint-store';
import { postgresShares } from '@fintech-ledger/http';
import { postgresWebhookQueries, webhookEndpointsName } from '@fintech-ledger/webhooks';
import type { Sql } from '@fintech-ledger/postgres';
import { PositionWaiter, queriesInTurns } from '@fintech-ledger/projection-runtime';
import type { Owned } from '@fintech-ledger/projection-runtime';
import type { ApiDeps } from './api-deps';
import { rowAlarms } from './operations/row-alarms';
import type { ReadPools } from './read-pools';

/** What the API asks of Postgres, each over its own pool. @param kept what no event says */
export function readSideOf(
  { queries, access, turns }: ReadPools,
  alarms: AlarmSink,
  kept: Sql,
  { organizationLimits, keyLimitPercent }: Pick<Config, 'organizationLimits' | 'keyLimitPercent'>,
): Pick<
  ApiDeps,
  | 'ledgerQueries'
  | 'organizationQueries'
  | 'ledgerTransferQueries'
  | 'paymentQueries'
  | 'bankQueries'
  | 'connectQueries'
  | 'fxQueries'
  | 'splitQueries'
  | 'customerQueries'
  | 'publicEventQueries'
  | 'merkleLogQueries'
  | 'auditLogQueries'
  | 'webhookQueries'
  | 'dataSubjectQueries'
  | 'dueStreams'
  | 'limits'
  | 'shares'
> {
  const at = (...projections: readonly string[]) => new PositionWaiter(queries, projections);
  const { turns: plain } = turns.plain;
  // Of a ledger, which is one environment's: what reads journals knows no organization.
  const inTurns = <Q extends object>(
    queriesOf: (sql: Sql, waiter: PositionWaiter) => Owned<Q>,
    waiter: PositionWaiter,
  ) => queriesInTurns<Q>(plain, queries, (sql) => queriesOf(sql, waiter));
  return {
    dueStreams: postgresDueStreamsOf(queries),
    ledgerQueries: postgresLedgerQueries(queries, at(...ledgerProjections), rowAlarms(alarms), turns),
    organizationQueries: postgresOrganizationQueries(queries, at(...organizationProjections), plain),
    ledgerTransferQueries: inTurns(postgresLedgerTransferQueries, at(ledgerTransfersProjectionName)),
    paymentQueries: inTurns(postgresPaymentQueries, at(paymentsProjectionName)),
    bankQueries: inTurns(postgresBankQueries, at(bankProjectionName)),
    connectQueries: inTurns(postgresConnectQueries, at(connectProjectionName)),
    fxQueries: inTurns(postgresFxQueries, at(fxProjectionName)),
    splitQueries: inTurns(postgresSplitQueries, at(splitRulesProjectionName)),
    customerQueries: inTurns(postgresCustomerQueries, at(customersProjectionName)),
    publicEventQueries: postgresPublicEventQueries(queries, at(publicEventsName), plain),
    merkleLogQueries: postgresMerkleLogQueries(queries, at(merkleLogName), plain),
    auditLogQueries: postgresAuditLogQueries(queries, kept, at(auditLogName), plain),
    webhookQueries: postgresWebhookQueries(queries, at(webhookEndpointsName), plain),
    dataSubjectQueries: postgresDataSubjectQueries(queries, at(dataSubjectsName), plain),
    limits: { organization: organizationLimits, keyPercent: keyLimitPercent },
    shares: postgresShares(access),
  };
}
