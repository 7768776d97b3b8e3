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

/** What the names of streams begin with that say what was done and refused in an organization, as no other does. */
export const auditPrefix = 'audit-';
export const auditStream = (organizationId: string): string => `${auditPrefix}${organizationId}`;

/** What somebody with a valid API key asked for. Where from is not in it: that is not kept for ever. */
interface Asked {
  /** The operation that was asked for, as the API document calls it. */
  readonly action: string;
  /** The id of the API key. */
  readonly actor: string;
  /** Of the first one. RFC 3339. */
  readonly at: string;
  /** How many alike it stands for: of one key and one code, or one operation, in one second. */
  readonly count: number;
  /** Of the first one. */
  readonly requestId: string;
  readonly targetId: string | null;
  readonly targetType: string | null;
}

/** What was refused. */
export interface RefusedAttempt extends Asked {
  /** Of the problem that it was answered with. */
  readonly code: string;
}

/** What was done. */
export interface TakenAction extends Asked {
  /** The id in the path, where something was made there: then that is the target. */
  readonly parentId: string | null;
}

const asked = {
  action: text({ minLength: 1 }),
  actor: text({ minLength: 1 }),
  at: time,
  count: wholeNumber({ description: 'How many alike it stands for', minimum: 1 }),
  requestId: text({ minLength: 1 }),
  targetId: textOrNull(),
  targetType: textOrNull(),
};

const attempt = named(
  'refusedAttempt',
  object<RefusedAttempt>({
    action: asked.action,
    actor: asked.actor,
    at: asked.at,
    code: text({ minLength: 1 }),
    count: asked.count,
    requestId: asked.requestId,
    targetId: asked.targetId,
    targetType: asked.targetType,
  }),
);

const attemptsRefused = eventType({
  name: 'AttemptsRefused',
  description: 'What was asked for with API keys of an organization, and refused; some of it at a time.',
  schema: object<{ readonly attempts: readonly RefusedAttempt[] }>({ attempts: listOf(attempt) }),
  touches: () => [],
});

const action = named(
  'takenAction',
  object<TakenAction>({
    action: asked.action,
    actor: asked.actor,
    at: asked.at,
    count: asked.count,
    parentId: textOrNull({ description: 'The id in the path, where something was made there' }),
    requestId: asked.requestId,
    targetId: asked.targetId,
    targetType: asked.targetType,
  }),
);

const actionsTaken = eventType({
  name: 'ActionsTaken',
  description:
    'What was done with API keys of an organization, and has no event of its own; some of it at a time.',
  schema: object<{ readonly actions: readonly TakenAction[] }>({ actions: listOf(action) }),
  touches: () => [],
});

/** What the stream of audits of an organization says: what left no other trace. */
export const auditEvents = new EventList({ prefix: auditPrefix }, [attemptsRefused, actionsTaken]);
export type AuditEvent = EventsOf<typeof auditEvents>;
