export { alarmChecks, Alarms } from './alarms';
export type { Alarm, AlarmCheck, AlarmSink } from './alarms';
export type { Check } from './outcome-of';
export { readiness, readinessShape } from './readiness';
export type { Readiness } from './readiness';
export { watch } from './watch';
export type { Watched } from './watch';
