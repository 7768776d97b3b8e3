export { installationEvents } from './installation-events';
export type { AcceptedStream, OlderStoreAccepted, ParkedEventDiscarded } from './installation-events';
