import { auditDomain, auditEvents } from '@fintech-ledger/audit/domain';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import type { AnyDomain, ModuleManifest, ModuleStreams } from '@fintech-ledger/manifest';
import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { auditLogProjection } from './audit-log/audit-log-projection';
import { notInTree } from './heads/not-in-tree';
import { periodNotOver, statementNotExpressible, statementTooLong } from './statements/statement-refusals';
import { merkleLogProjection } from './log/merkle-log-projection';
import { takeHeadsBack } from './publication/sign-heads';

/** What was refused in each organization, and done without an event of its own: it left no other trace. */
export const auditStreams: readonly ModuleStreams[] = [
  {
    events: auditEvents,
    domain: auditDomain as AnyDomain,
    publicEvents: publicEvents(auditEvents, {
      AttemptsRefused: unpublished('Who asked was answered, and the audit log shows it.'),
      ActionsTaken: unpublished('Who asked was answered, and the audit log shows it.'),
    }),
  },
];

/** What auditors are shown: who did what, a Merkle log of each ledger, and signed heads of it. */
export const auditModule = (registry: PublicEventRegistry): ModuleManifest => ({
  name: 'audit',
  imports: ['access', 'events', 'ledger', 'privacy'],
  streams: auditStreams,
  refusals: [notInTree, periodNotOver, statementNotExpressible, statementTooLong],
  scopes: ['audit:read'],
  projections: [merkleLogProjection, auditLogProjection(registry)],
  policies: [],
  takeBack: takeHeadsBack,
  migrations: ['0031-merkle-log.sql', '0047-audit-log.sql', '0053-published-heads.sql'],
  api: [async () => (await import('@fintech-ledger/audit/nest')).auditApi(registry)],
});
