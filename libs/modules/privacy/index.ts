export { erasuresName } from './erasures/erasures-projection';
export { privacyModule } from './privacy.module';
export { AbandonedClaims } from './subjects/abandoned-claims';
export { lostSubject } from './subjects/lost-subject';
export { MetadataValues } from './subjects/metadata-values';
export { withPersonalHash } from './subjects/personal-hash';
export { erasedValue, isPersonal, sealValue, subjectsInPlace } from './subjects/personal-value';
export type { SubjectKey, ValueLabel } from './subjects/personal-value';
export { PersonalValues } from './subjects/personal-values';
export { postgresSubjectKeys } from './subjects/postgres-subject-keys';
export { subjectKeysPort } from './subjects/subject-keys';
export { mayHaveLostItsKey, SubjectRequests } from './subjects/subject-requests';
export type {
  ClaimedSubject,
  ClaimEnd,
  KnownSubject,
  Lookup,
  SubjectClaim,
  SubjectKeys,
} from './subjects/subject-keys';
export { KeyWrapping } from './subjects/wrapped-key';
export { dataSubjectsName } from './read-model/data-subjects-projection';
export { dataSubjectQueriesPort, postgresDataSubjectQueries } from './read-model/queries';
export type { DataSubjectQueries } from './read-model/queries';
