export { IssueApiKey, issueApiKey } from './api-keys/issue-api-key';
export { directoryProjection } from './read-model/directory-projection';
export { postgresOrganizationQueries } from './read-model/organization-queries';
