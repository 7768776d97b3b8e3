export { customersModule } from './customers.module';
export { customersPart } from './customers-part';
export { customersProjectionName } from './read-model/customers-projection';
export { postgresCustomerQueries } from './read-model/postgres-queries';
export { customerQueriesPort } from './read-model/queries';
export type { CustomerQueries } from './read-model/queries';
