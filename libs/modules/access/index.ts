export { ClockAdvancer } from './clock/clock-advancer';
export { accessModule, organizationProjections } from './access.module';
export { createFirstApiKey } from './first-key/create-first-api-key';
export type { FirstKeyDraft } from './first-key/create-first-api-key';
export { createFirstSandboxKey } from './first-key/create-first-sandbox-key';
export { untilKeyWorks } from './first-key/until-key-works';
export { environmentTime } from './clock/environment-clock';
export type { EnvironmentTime } from './clock/environment-clock';
export { FollowedApiKeys } from './live-keys/followed-api-keys';
export { apiKeyHmac, apiKeysUnder } from './api-keys/api-key-secret';
export { directoryProjection } from './read-model/directory-projection';
export {
  apiKeyPepperPort,
  dueStreamsPort,
  lastUsesPort,
  organizationQueriesPort,
  sandboxesMaxPort,
} from './read-model/queries';
export type { OrganizationQueries } from './read-model/queries';
export { ApiKeyUses, neverUsed } from './uses/api-key-uses';
export type { LastUses } from './uses/api-key-uses';
export { postgresOrganizationQueries } from './read-model/organization-queries';
