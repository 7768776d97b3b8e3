export { connectModule } from './connect.module';
export { connectPart } from './connect-part';
export { connectProjectionName } from './read-model/connect-projection';
export { postgresConnectQueries } from './read-model/postgres-queries';
export { connectQueriesPort } from './read-model/queries';
export type { ConnectQueries } from './read-model/queries';
