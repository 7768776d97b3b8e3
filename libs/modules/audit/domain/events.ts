import {
  EventList,
  eventType,
  listOf,
  named,
  object,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';

/** What the names of streams begin with that say what was refused in an organization. */
export const auditPrefix = 'audit-';
export const auditStream = (organizationId: string): string => `${auditPrefix}${organizationId}`;

/** What somebody with a valid API key asked for and was refused. Where from is not in it: that is not kept for ever. */
export interface RefusedAttempt {
  /** The operation that was asked for, as the API document calls it. */
  readonly action: string;
  /** The id of the API key. */
  readonly actor: string;
  /** Of the first one. RFC 3339. */
  readonly at: string;
  /** Of the problem that it was answered with. */
  readonly code: string;
  /** How many alike it stands for: of one key and one code, in one second. */
  readonly count: number;
  /** Of the first one. */
  readonly requestId: string;
  readonly targetId: string | null;
  readonly targetType: string | null;
}

const attempt = named(
  'refusedAttempt',
  object<RefusedAttempt>({
    action: text({ minLength: 1 }),
    actor: text({ minLength: 1 }),
    at: time,
    code: text({ minLength: 1 }),
    count: wholeNumber({ description: 'How many alike it stands for', minimum: 1 }),
    requestId: text({ minLength: 1 }),
    targetId: textOrNull(),
    targetType: textOrNull(),
  }),
);

const attemptsRefused = eventType({
  name: 'AttemptsRefused',
  description: 'What was asked for with API keys of an organization, and refused; some of it at a time.',
  schema: object<{ readonly attempts: readonly RefusedAttempt[] }>({ attempts: listOf(attempt) }),
  touches: () => [],
});

/** What the stream of audits of an organization says: what left no other trace. */
export const auditEvents = new EventList({ prefix: auditPrefix }, [attemptsRefused]);
export type AuditEvent = EventsOf<typeof auditEvents>;
