import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { acknowledgedPort, commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { DataSubjectReads } from '../data-subjects/data-subject-reads';
import { DataSubjectWriter } from '../data-subjects/data-subject-writer';
import { DataSubjectsController } from '../data-subjects/data-subjects.controller';
import { dataSubjectQueriesPort } from '../read-model/queries';
import type { DataSubjectQueries } from '../read-model/queries';
import { AbandonedClaims } from '../subjects/abandoned-claims';
import { PersonalValues } from '../subjects/personal-values';
import { subjectKeysPort } from '../subjects/subject-keys';
import type { SubjectKeys } from '../subjects/subject-keys';

/** What the API's process composes of data subjects. Loading it loads Nest. */
export const privacyApi: ApiParts = {
  controllers: [DataSubjectsController],
  providers: [
    {
      provide: DataSubjectWriter,
      inject: [commandGatewayPort, subjectKeysPort],
      useFactory: (gateway: CommandGateway, keys: SubjectKeys) =>
        new DataSubjectWriter(gateway, keys, new PersonalValues(keys)),
    },
    {
      provide: AbandonedClaims,
      inject: [DataSubjectWriter, subjectKeysPort],
      useFactory: (writer: DataSubjectWriter, keys: SubjectKeys) =>
        new AbandonedClaims(keys, 'data_subject', (subject) => writer.endOf(subject)),
    },
    {
      provide: DataSubjectReads,
      inject: [dataSubjectQueriesPort, subjectKeysPort, acknowledgedPort],
      useFactory: (queries: DataSubjectQueries, keys: SubjectKeys, acknowledged: Acknowledged) =>
        new DataSubjectReads(queries, keys, new PersonalValues(keys), acknowledged),
    },
  ],
};
