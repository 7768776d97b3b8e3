export { auditDomain } from './audit-domain';
export type { AuditCommand, RecordActions, RecordRefusals } from './audit-domain';
export { auditEvents, auditPrefix, auditStream } from './events';
export type { AuditEvent, RefusedAttempt, TakenAction } from './events';
