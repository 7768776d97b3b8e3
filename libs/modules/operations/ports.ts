import type { Alarms, Check } from '@fintech-ledger/health';
import type { ParkedEvents, ProjectionStates, Rebuilds } from '@fintech-ledger/projection-runtime';

/** How the read models are doing. */
export const projectionStatesPort = Symbol('ProjectionStates');
export type { ProjectionStates };

/** What operators ask of rebuilds of read models. */
export const rebuildsPort = Symbol('Rebuilds');
export type { Rebuilds };

/** What operators ask of events that a reader could not take. */
export const parkedEventsPort = Symbol('ParkedEvents');
export type { ParkedEvents };

/** What the process knows to be wrong. */
export const alarmsPort = Symbol('Alarms');
export type AlarmList = Pick<Alarms, 'list'>;

/** Brings those alarms up to date that nobody raises on its own. */
export const lookPort = Symbol('Look');
export type Look = () => Promise<void>;

/** What the process can't do its job without at all, by name. */
export const healthChecksPort = Symbol('HealthChecks');
export type HealthChecks = Readonly<Record<string, Check>>;

/** An operator says that the clock is right. */
export const confirmClockPort = Symbol('ConfirmClock');
export type ConfirmClock = (actor: string) => Promise<{ readonly id: string; readonly confirmedAt: string }>;
