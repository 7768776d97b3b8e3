export { eventStoreProblem } from './event-store-problem';
export { explainFileError } from './explain-file-error';
export { firstApiKey, firstApiKeyFile } from './first-api-key';
export type { CreateFirstKey, CreateFirstKeys, FirstKeyName } from './first-api-key';
export { firstOrganization } from './first-organization';
export { loadInstallation } from './installation';
export type { Installation } from './installation';
export { compareEnds, describeEnd, selectKnownEndsAfter, selectKnownEndsOf } from './known-ends';
export type { Difference, KnownEnd } from './known-ends';
export { problemOfEnds, streamProblem } from './stream-problem';
export type { StreamProblem } from './stream-problem';
export { kafkaNames } from './kafka-names';
export {
  identityEvent,
  installationEvent,
  installationIds,
  readInstallationEvents,
  readInstallationIds,
} from './installation-event';
export { lockFolder } from './folder-lock';
export { openEventStore, openOwnStreams } from './open-event-store';
export type { OpenedEventStore } from './open-event-store';
export { openKafka } from './open-kafka';
export { openLog } from './open-log';
export { databaseProblem, openPool } from './open-pool';
export { findPepper, loadPepper } from './pepper';
export { platformMigrations } from './platform-migrations';
export { prepareDatabase } from './prepare-database';
export type { DatabaseToPrepare } from './prepare-database';
export { prepareInstallation, sharedPepper } from './prepare-installation';
export { repositoryRoot } from './repository-root';
export { StartupFailed } from './startup-failed';
