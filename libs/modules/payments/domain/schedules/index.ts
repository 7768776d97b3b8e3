export { scheduleEvents, scheduleRefusal } from './decide-schedule';
export type { SetPayoutSchedule } from './schedule-commands';
export * from './schedule-events';
export * from './schedule-facts';
export * from './schedule-refusals';
export * from './schedule-views';
