export { testDatabaseUrl } from './test-database-url';
