import type { ModuleManifest } from '@fintech-ledger/manifest';
import {
  dataSubjectEvents,
  dataSubjectPublicEvents,
  dataSubjectRefusals,
} from '@fintech-ledger/privacy/domain';
import { dataSubjectsPart } from './data-subjects/data-subjects-part';
import { erasuresProjection } from './erasures/erasures-projection';
import { dataSubjectsProjection } from './read-model/data-subjects-projection';

/** Personal values of data subjects: encrypted with a key of each, which an erasure destroys. */
export const privacyModule: ModuleManifest = {
  name: 'privacy',
  imports: ['access'],
  streams: [{ events: dataSubjectEvents, part: dataSubjectsPart, publicEvents: dataSubjectPublicEvents }],
  refusals: dataSubjectRefusals,
  scopes: [],
  projections: [erasuresProjection, dataSubjectsProjection],
  policies: [],
  migrations: [
    '0040-subject-keys.sql',
    '0049-claims-of-subjects.sql',
    '0054-data-subjects.sql',
    '0101-erased-keys-leave-the-disk.sql',
    '0104-sortable-subjects.sql',
  ],
  api: [async () => (await import('@fintech-ledger/privacy/nest')).privacyApi],
};
