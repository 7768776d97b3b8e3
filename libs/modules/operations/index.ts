export { operationsModule } from './operations.module';
export {
  alarmsPort,
  confirmClockPort,
  healthChecksPort,
  lookPort,
  parkedEventsPort,
  projectionStatesPort,
  rebuildsPort,
} from './ports';
export type { AlarmList, ConfirmClock, HealthChecks, Look, ParkedEvents, Rebuilds } from './ports';
