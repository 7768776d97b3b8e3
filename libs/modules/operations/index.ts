export { operationsModule } from './operations.module';
export { alarmsPort, confirmClockPort, healthChecksPort, lookPort, projectionStatesPort } from './ports';
export type { AlarmList, ConfirmClock, HealthChecks, Look } from './ports';
