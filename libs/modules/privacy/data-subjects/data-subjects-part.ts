import { missingOrganization, organizationAnswer, organizationKey } from '@fintech-ledger/access/domain';
import type { DomainPart } from '@fintech-ledger/journal';
import {
  dataSubjectEvents,
  dataSubjectKey,
  dataSubjectView,
  decideDataSubjects,
  evolveDataSubjects,
} from '@fintech-ledger/privacy/domain';
import type { DataSubjectCommand, DataSubjectEvent, DataSubjectRecord } from '@fintech-ledger/privacy/domain';

/** What happens to the data subjects of an organization. Without the organization all of it is refused. */
export const dataSubjectsPart: DomainPart<DataSubjectCommand, DataSubjectEvent, DataSubjectRecord> = {
  commands: { CreateDataSubject: true, EraseDataSubject: true },
  events: dataSubjectEvents,
  records: { data_subject: dataSubjectKey('') },
  reads: ({ subjectId }) => [organizationKey, dataSubjectKey(subjectId)],
  decide(view, command, context) {
    const missing = missingOrganization(view, context.organizationId);
    return missing === undefined
      ? decideDataSubjects(view, command, context)
      : { kind: 'refused', refusal: missing };
  },
  evolve: evolveDataSubjects,
  answer(request) {
    const [event] = request.events;
    return organizationAnswer(request, event === undefined ? {} : dataSubjectView(event.data.subject));
  },
};
