export { Alarms } from './alarms';
export type { Alarm, AlarmCheck } from './alarms';
