export { splitsModule } from './splits.module';
export { splitsPart } from './splits-part';
export { postgresSplitQueries } from './read-model/postgres-queries';
export { splitQueriesPort } from './read-model/queries';
export type { SplitQueries } from './read-model/queries';
export { splitRulesProjectionName } from './read-model/split-rules-projection';
