export { installationEvents } from './installation-events';
export type { AcceptedStream, OlderStoreAccepted } from './installation-events';
