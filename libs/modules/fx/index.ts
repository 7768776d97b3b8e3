export { fxModule } from './fx.module';
export { fxPart } from './fx-part';
export { fxProjectionName } from './read-model/fx-projection';
export { postgresFxQueries } from './read-model/postgres-queries';
export { fxQueriesPort } from './read-model/queries';
export type { FxQueries } from './read-model/queries';
