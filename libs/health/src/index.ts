export { Alarms } from './alarms';
export type { Alarm, AlarmCheck, AlarmSink } from './alarms';
export { readiness } from './readiness';
export type { Check, Readiness } from './readiness';
