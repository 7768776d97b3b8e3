import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import {
  acknowledgedPort,
  commandGatewayPort,
  eventStorePort,
  trialsPort,
} from '@fintech-ledger/projection-runtime';
import {
  apiKeyPepperPort,
  dueStreamsPort,
  lastUsesPort,
  neverUsed,
  organizationQueriesPort,
  sandboxesMaxPort,
} from '@fintech-ledger/access';
import { auditKeysPort, auditLogQueriesPort, merkleLogQueriesPort } from '@fintech-ledger/audit';
import { publicEventQueriesPort } from '@fintech-ledger/events';
import { ledgerQueriesPort } from '@fintech-ledger/ledger';
import { ledgerTransferQueriesPort } from '@fintech-ledger/ledger-transfers';
import { outboundGuardPort, webhookOutboxPort, webhookQueriesPort } from '@fintech-ledger/webhooks';
import { paymentQueriesPort, simulatorControlsPort } from '@fintech-ledger/payments';
import { bankQueriesPort } from '@fintech-ledger/bank';
import { connectQueriesPort } from '@fintech-ledger/connect';
import { fxQueriesPort } from '@fintech-ledger/fx';
import { splitQueriesPort } from '@fintech-ledger/splits';
import { customerQueriesPort } from '@fintech-ledger/customers';
import { dataSubjectQueriesPort, MetadataValues, subjectKeysPort } from '@fintech-ledger/privacy';
import { importSpoolPort } from '@fintech-ledger/books/nest';
import {
  apiKeyDirectoryPort,
  checkedTrials,
  apiLogPort,
  apiMetricsPort,
  keptAnswersPort,
  sealedMetadataPort,
  Authenticator,
  KeyCheckedGateway,
  SecurityLog,
  RememberingGateway,
} from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import {
  alarmsPort,
  confirmClockPort,
  healthChecksPort,
  lookPort,
  parkedEventsPort,
  projectionStatesPort,
  rebuildsPort,
} from '@fintech-ledger/operations';
import { sandboxesMaxDefault } from '@fintech-ledger/config';
import type { ApiDeps } from './api-deps';

/** Who is let in, and what is told of it. */
export interface Guards {
  readonly authenticator: Authenticator;
  readonly security: SecurityLog;
}

/** Provides what the API needs of the world to everybody in it. */
@Global()
@Module({})
export class PortsModule {
  static of(deps: ApiDeps, acknowledged: Acknowledged, { authenticator, security }: Guards): DynamicModule {
    const gateway = new KeyCheckedGateway(deps.gateway, deps.apiKeys);
    const providers: Provider[] = [
      { provide: commandGatewayPort, useValue: new RememberingGateway(gateway, acknowledged) },
      { provide: trialsPort, useValue: checkedTrials(deps.trials, deps.apiKeys, acknowledged) },
      { provide: apiKeyDirectoryPort, useValue: deps.apiKeys },
      { provide: acknowledgedPort, useValue: acknowledged },
      { provide: ledgerQueriesPort, useValue: deps.ledgerQueries },
      { provide: organizationQueriesPort, useValue: deps.organizationQueries },
      { provide: ledgerTransferQueriesPort, useValue: deps.ledgerTransferQueries },
      { provide: paymentQueriesPort, useValue: deps.paymentQueries },
      { provide: simulatorControlsPort, useValue: deps.simulator },
      { provide: bankQueriesPort, useValue: deps.bankQueries },
      { provide: connectQueriesPort, useValue: deps.connectQueries },
      { provide: fxQueriesPort, useValue: deps.fxQueries },
      { provide: splitQueriesPort, useValue: deps.splitQueries },
      { provide: customerQueriesPort, useValue: deps.customerQueries },
      { provide: subjectKeysPort, useValue: deps.subjectKeys },
      { provide: sealedMetadataPort, useValue: new MetadataValues(deps.subjectKeys) },
      { provide: dataSubjectQueriesPort, useValue: deps.dataSubjectQueries },
      { provide: publicEventQueriesPort, useValue: deps.publicEventQueries },
      { provide: merkleLogQueriesPort, useValue: deps.merkleLogQueries },
      { provide: auditLogQueriesPort, useValue: deps.auditLogQueries },
      { provide: keptAnswersPort, useValue: deps.keptAnswers },
      { provide: auditKeysPort, useValue: deps.auditKeys },
      { provide: webhookQueriesPort, useValue: deps.webhookQueries },
      { provide: webhookOutboxPort, useValue: deps.webhookOutbox },
      { provide: outboundGuardPort, useValue: deps.outboundGuard },
      { provide: projectionStatesPort, useValue: deps.projectionQueries },
      { provide: rebuildsPort, useValue: deps.rebuilds },
      { provide: parkedEventsPort, useValue: deps.parkedEvents },
      { provide: eventStorePort, useValue: deps.eventStore },
      { provide: importSpoolPort, useValue: deps.importSpool },
      { provide: apiKeyPepperPort, useValue: deps.pepper },
      { provide: lastUsesPort, useValue: deps.keyUses ?? neverUsed },
      { provide: dueStreamsPort, useValue: deps.dueStreams },
      { provide: sandboxesMaxPort, useValue: deps.sandboxesMax ?? sandboxesMaxDefault },
      { provide: apiLogPort, useValue: deps.log },
      { provide: apiMetricsPort, useValue: deps.metrics },
      { provide: alarmsPort, useValue: deps.alarms },
      { provide: confirmClockPort, useValue: deps.confirmClock },
      { provide: lookPort, useValue: deps.look ?? (() => Promise.resolve()) },
      { provide: healthChecksPort, useValue: deps.healthChecks },
      { provide: Authenticator, useValue: authenticator },
      { provide: SecurityLog, useValue: security },
    ];
    return { module: PortsModule, providers, exports: providers };
  }
}
