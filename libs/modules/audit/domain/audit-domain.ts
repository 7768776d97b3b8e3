import { auditEvents } from './events';
import type { AuditEvent, RefusedAttempt, TakenAction } from './events';

/** Says what was refused. */
export interface RecordRefusals {
  readonly type: 'RecordRefusals';
  /** One at least, in the order in which they were refused. */
  readonly attempts: readonly RefusedAttempt[];
}

/** Says what was done. */
export interface RecordActions {
  readonly type: 'RecordActions';
  /** One at least, in the order in which they were done. */
  readonly actions: readonly TakenAction[];
  /** None: an earlier writer, which takes this for refusals, records an event that says nothing, and can be read. */
  readonly attempts: readonly [];
}

export type AuditCommand = RecordRefusals | RecordActions;

type NoRecord = { readonly kind: 'none' };

/** Records what no other event says, in the shape of the journal's `JournalDomain`. It decides and keeps nothing. */
export const auditDomain = {
  events: auditEvents,
  reads: (): readonly string[] => [],
  decide: (_view: unknown, command: AuditCommand) => ({
    kind: 'decided' as const,
    events: [eventOf(command)],
  }),
  evolve: (): readonly { readonly key: string; readonly record: NoRecord }[] => [],
  revisionOf: () => undefined,
  recordFrom: () => undefined,
  encode: (record: NoRecord) => ({ text: JSON.stringify(record) }),
  decode: (_key: string, text: string) => JSON.parse(text) as NoRecord,
  dueAt: () => undefined,
  answer: () => 'null',
};

function eventOf(command: AuditCommand): AuditEvent {
  return command.type === 'RecordActions'
    ? { type: 'ActionsTaken', data: { actions: command.actions } }
    : { type: 'AttemptsRefused', data: { attempts: command.attempts } };
}
