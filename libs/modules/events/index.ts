export { PublicEventRegistry } from './catalogue/public-event-registry';
export { publicSchemaText } from './catalogue/public-schema-text';
export { eventsModule } from './events.module';
export { publicEventsName } from './read-model/public-events-projection';
export { postgresPublicEventQueries, publicEventQueriesPort } from './read-model/queries';
export type { PublicEventQueries } from './read-model/queries';
