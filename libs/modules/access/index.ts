export { accessModule, organizationProjections } from './access.module';
export { createFirstApiKey } from './first-key/create-first-api-key';
export { untilKeyWorks } from './first-key/until-key-works';
export { FollowedApiKeys } from './live-keys/followed-api-keys';
export { apiKeyHmac, apiKeysUnder } from './api-keys/api-key-secret';
export { directoryProjection } from './read-model/directory-projection';
export { apiKeyPepperPort, organizationQueriesPort } from './read-model/queries';
export type { OrganizationQueries } from './read-model/queries';
export { postgresOrganizationQueries } from './read-model/organization-queries';
