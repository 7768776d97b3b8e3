import { refused } from '@fintech-ledger/contract';
import type { CodeOf, DeclaredRefusal, PartDecision } from '@fintech-ledger/contract';
import type { ClockCommand, ContinueClockAdvance, RecordClockAdvance } from './commands';
import type { AccessEvent } from './events';
import type { ClockAdvanceFacts } from './facts';
import { clockAdvanceKey, clockAdvanceOf, clockKey, clockOf, organizationOf } from './records';
import type { AccessChange, AccessView, ClockRecord } from './records';
import {
  clockAdvancing,
  clockMovedBack,
  clockTooFar,
  organizationNotFound,
  sandboxKeyRequired,
} from './refusals';
import type { ClockView } from './views';

/** Of one advance, besides that it goes at most 2 calendar years. */
export const clockAdvanceItemsMax = 100_000;
const advanceYearsMax = 2;
/** Beyond it two years more would leave the years that RFC 3339 has. */
const clockTimeMax = '9000-01-01T00:00:00.000Z';
/** How long an attempt may tell nothing before the next one is made. */
const patienceMs = 15_000;

const ofClient = [organizationNotFound, sandboxKeyRequired] as const;
/** What each command may be refused with, in the order of precedence. */
export const clockCommandRefusals = {
  FreezeClock: [...ofClient, clockAdvancing, clockMovedBack, clockTooFar],
  AdvanceClock: [...ofClient, clockAdvancing, clockMovedBack, clockTooFar],
  ReleaseClock: [...ofClient, clockAdvancing],
  ReadClock: ofClient,
  ReadClockAdvance: [organizationNotFound],
  RecordClockAdvance: [organizationNotFound],
  ContinueClockAdvance: [organizationNotFound],
} as const satisfies Record<ClockCommand['type'], readonly DeclaredRefusal[]>;

interface ClockContext {
  readonly now: string;
  readonly recordedAt?: string;
  newId(prefix: string, index: number): string;
}
type Code<T extends ClockCommand['type']> = CodeOf<(typeof clockCommandRefusals)[T]>;
type ClockDecision<C extends string> = PartDecision<AccessEvent, C>;

const decided = (...events: readonly AccessEvent[]) => ({ kind: 'decided', events }) as const;

/** What time it is by a clock of a sandbox, when it is really `recordedAt`. Absent: real time. */
export function timeOf(clock: Pick<ClockRecord, 'since' | 'time'> | undefined, recordedAt: string): string {
  if (clock === undefined) return recordedAt;
  if (clock.since === null) return clock.time;
  const elapsedMs = Math.max(Date.parse(recordedAt) - Date.parse(clock.since), 0);
  return new Date(Date.parse(clock.time) + elapsedMs).toISOString();
}

/** The same day and time so many years later; of 29 February, where that year has none, the 28th. */
export function yearsAfter(time: string, years: number): string {
  const at = new Date(time);
  const month = at.getUTCMonth();
  at.setUTCFullYear(at.getUTCFullYear() + years);
  if (at.getUTCMonth() !== month) at.setUTCDate(0);
  return at.toISOString();
}

/**
 * What happens to the clock of a sandbox. It decides by what its own events say, and by real time: what others follow
 * of them may be a moment old.
 */
export function decideClock(
  view: AccessView,
  command: ClockCommand,
  { now, recordedAt = now, newId }: ClockContext,
): ClockDecision<Code<ClockCommand['type']>> {
  if (command.type === 'ReadClockAdvance')
    return { ...decided(), answer: JSON.stringify(clockAdvanceOf(view, command.advanceId) ?? null) };
  if (command.type === 'RecordClockAdvance') return recordAdvance(view, command, recordedAt);
  if (command.type === 'ContinueClockAdvance') return continueAdvances(view, command, recordedAt);
  if (organizationOf(view)?.parentId === undefined)
    return refused(
      sandboxKeyRequired,
      'A live organization has no clock of its own: use a key of a sandbox.',
    );
  const clock = clockOf(view);
  const time = timeOf(clock, recordedAt);
  const isFrozen = clock !== undefined && clock.since === null;
  if (command.type === 'ReadClock')
    return { ...decided(), answer: JSON.stringify(clockView(time, isFrozenAt(view, clock))) };
  if (clock !== undefined && clock.advanceId !== null)
    return refused(
      clockAdvancing,
      `The clock is being moved, and stands at ${time}: wait until that has ended.`,
    );
  const released = { type: 'ClockReleased', data: { since: recordedAt, time } } as const;
  // Recorded while it runs, too: it changes nothing then, and keeps the command's idempotency key.
  if (command.type === 'ReleaseClock') return decided(released);
  const to = command.type === 'FreezeClock' ? command.time : command.to;
  const param = command.type === 'FreezeClock' ? '/time' : '/to';
  if (to < time) return refused(clockMovedBack, `It is ${time} already.`, param);
  const max =
    command.type === 'FreezeClock' ? clockTimeMax : earlier(yearsAfter(time, advanceYearsMax), clockTimeMax);
  if (to > max)
    return refused(clockTooFar, `It is ${time}: the clock can be moved to ${max} at once.`, param);
  if (command.type === 'FreezeClock') return decided({ type: 'ClockFrozen', data: { time: to } });
  const id = newId('cad', 0);
  const askAt = later(recordedAt, patienceMs);
  const advance = { askAt, at: time, attempt: 1, frozen: isFrozen, id, ran: 0, to };
  return decided({ type: 'ClockAdvanceBegun', data: { advance } });
}

/** While it is moved it stands; what it will do then is what is said of it. */
function isFrozenAt(view: AccessView, clock: ClockRecord | undefined): boolean {
  const advance =
    clock === undefined || clock.advanceId === null ? undefined : clockAdvanceOf(view, clock.advanceId);
  return advance?.advance.frozen ?? (clock !== undefined && clock.since === null);
}

/** A clock in the API's shape. */
export const clockView = (time: string, frozen: boolean): ClockView => ({ object: 'clock', time, frozen });

/** Nothing, where it is known already, or where a later attempt is under way. */
function recordAdvance(
  view: AccessView,
  { advanceId, attempt, at, ran, state }: RecordClockAdvance,
  recordedAt: string,
): ClockDecision<never> {
  const open = openAdvance(view, advanceId);
  if (open?.attempt !== attempt) return decided();
  const advance = { ...open, at: at > open.at ? at : open.at, ran };
  if (state === 'under_way')
    return decided({ type: 'ClockAdvanceContinued', data: { advance: nextAttempt(advance, recordedAt) } });
  const ended = state === 'done' ? { ...advance, at: advance.to } : advance;
  return decided({ type: 'ClockAdvanceEnded', data: { advance: ended, since: recordedAt } });
}

function continueAdvances(
  view: AccessView,
  { advanceIds }: ContinueClockAdvance,
  recordedAt: string,
): ClockDecision<never> {
  const open = advanceIds.flatMap((id) => openAdvance(view, id) ?? []);
  const silent = open.filter(({ askAt }) => askAt <= recordedAt);
  return decided(
    ...silent.map((advance): AccessEvent => {
      return { type: 'ClockAdvanceContinued', data: { advance: nextAttempt(advance, recordedAt) } };
    }),
  );
}

function openAdvance(view: AccessView, id: string): ClockAdvanceFacts | undefined {
  const record = clockAdvanceOf(view, id);
  return record === undefined || record.hasEnded ? undefined : record.advance;
}

const nextAttempt = (advance: ClockAdvanceFacts, recordedAt: string): ClockAdvanceFacts => ({
  ...advance,
  attempt: advance.attempt + 1,
  askAt: later(recordedAt, patienceMs),
});

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
const earlier = (a: string, b: string): string => (a < b ? a : b);

type ClockEvent = Extract<AccessEvent, { readonly type: `Clock${string}` }>;

export const isClockEvent = (event: { readonly type: string }): event is ClockEvent =>
  event.type.startsWith('Clock');

/** What an event says of the clock: the time, and since when it goes on from there; null: it stands. */
export function clockAfter(event: ClockEvent): Pick<ClockRecord, 'since' | 'time'> {
  switch (event.type) {
    case 'ClockFrozen':
      return { time: event.data.time, since: null };
    case 'ClockReleased':
      return { time: event.data.time, since: event.data.since };
    case 'ClockAdvanceBegun':
    case 'ClockAdvanceContinued':
      return { time: event.data.advance.at, since: null };
    case 'ClockAdvanceEnded': {
      const { advance, since } = event.data;
      return { time: advance.at, since: advance.frozen ? null : since };
    }
  }
}

/** The records that an event of the clock changes. */
export function evolveClock(event: ClockEvent): readonly AccessChange[] {
  const after = clockAfter(event);
  if (event.type === 'ClockFrozen' || event.type === 'ClockReleased')
    return [{ key: clockKey, record: { kind: 'clock', ...after, advanceId: null } }];
  const { advance } = event.data;
  const hasEnded = event.type === 'ClockAdvanceEnded';
  return [
    { key: clockKey, record: { kind: 'clock', ...after, advanceId: hasEnded ? null : advance.id } },
    { key: clockAdvanceKey(advance.id), record: { kind: 'clock_advance', advance, hasEnded } },
  ];
}
