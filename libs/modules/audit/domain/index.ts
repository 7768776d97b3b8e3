export { auditDomain } from './audit-domain';
export type { RecordRefusals } from './audit-domain';
export { auditEvents, auditPrefix, auditStream } from './events';
export type { AuditEvent, RefusedAttempt } from './events';
