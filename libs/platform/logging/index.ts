export { createLogger, logToFile } from './create-logger';
export type { Logger } from './create-logger';
