export { bankModule } from './bank.module';
export { bankPart } from './bank-part';
export { bankProjectionName } from './read-model/bank-projection';
export { postgresBankQueries } from './read-model/postgres-queries';
export { bankQueriesPort } from './read-model/queries';
export type { BankQueries } from './read-model/queries';
