export * from './port';
export { directEventFeed } from './adapters/direct/direct-event-feed';
