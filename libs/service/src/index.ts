export { runService } from './run-service';
export type { RunningService, ServiceContext } from './run-service';
