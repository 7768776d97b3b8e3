import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import { PublicEventSight } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { ReadModels } from '@fintech-ledger/ledger';
import { PersonalValues, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import type { EventStore } from '@fintech-ledger/event-store';
import { AuditLog } from '../audit-log/audit-log';
import { AuditLogController } from '../audit-log/audit-log.controller';
import { auditLogQueriesPort } from '../audit-log/queries';
import type { AuditLogQueries } from '../audit-log/queries';
import { AuditLineReader } from '../audit-log/read-lines';
import { AuditReads } from '../heads/audit-reads';
import { ProofBundles } from '../heads/proof-bundles';
import { AuditController } from '../heads/audit.controller';
import { auditKeysPort } from '../keys/audit-keys';
import type { AuditKeys } from '../keys/audit-keys';
import { merkleLogQueriesPort } from '../log/queries';
import { ReplayController } from '../replay/replay.controller';
import { StatementsController } from '../statements/statements.controller';
import type { MerkleLogQueries } from '../log/queries';

/** What the API's process composes of audits. Loading it loads Nest. */
export const auditApi = (registry: PublicEventRegistry): ApiParts => ({
  controllers: [AuditLogController, AuditController, ReplayController, StatementsController],
  providers: [
    {
      provide: AuditLog,
      inject: [auditLogQueriesPort, eventStorePort, acknowledgedPort, subjectKeysPort],
      useFactory: (
        queries: AuditLogQueries,
        store: EventStore,
        acknowledged: Acknowledged,
        keys: SubjectKeys,
      ) =>
        new AuditLog(
          new PublicEventSight(queries, acknowledged),
          queries,
          new AuditLineReader(registry, queries, store),
          new PersonalValues(keys),
        ),
    },
    {
      provide: ProofBundles,
      inject: [merkleLogQueriesPort, auditKeysPort],
      useFactory: (queries: MerkleLogQueries, keys: AuditKeys) => new ProofBundles(queries, keys),
    },
    {
      provide: AuditReads,
      inject: [ReadModels, merkleLogQueriesPort, auditKeysPort, acknowledgedPort],
      useFactory: (
        models: ReadModels,
        queries: MerkleLogQueries,
        keys: AuditKeys,
        acknowledged: Acknowledged,
      ) => new AuditReads(models, queries, keys, acknowledged),
    },
  ],
});
