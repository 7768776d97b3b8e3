import { auditEvents } from './events';
import type { AuditEvent, RefusedAttempt } from './events';

/** Says what was refused. */
export interface RecordRefusals {
  readonly type: 'RecordRefusals';
  /** One at least, in the order in which they were refused. */
  readonly attempts: readonly RefusedAttempt[];
}

type NoRecord = { readonly kind: 'none' };

/** Records what was refused, in the shape of the journal's `JournalDomain`. It decides nothing and keeps no state. */
export const auditDomain = {
  events: auditEvents,
  reads: (): readonly string[] => [],
  decide: (_view: unknown, { attempts }: RecordRefusals) => ({
    kind: 'decided' as const,
    events: [{ type: 'AttemptsRefused' as const, data: { attempts } }] satisfies AuditEvent[],
  }),
  evolve: (): readonly { readonly key: string; readonly record: NoRecord }[] => [],
  revisionOf: () => undefined,
  recordFrom: () => undefined,
  encode: (record: NoRecord) => ({ text: JSON.stringify(record) }),
  decode: (_key: string, text: string) => JSON.parse(text) as NoRecord,
  dueAt: () => undefined,
  answer: () => 'null',
};
