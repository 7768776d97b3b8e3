import {
  EventList,
  eventType,
  named,
  object,
  orNull,
  text,
  textOrNull,
  time,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import type { DataSubjectFacts } from './facts';
import { dataSubjectKey } from './records';

const id = text({ pattern: '^sub_[0-9A-Za-z]+$' });
const subject = named(
  'dataSubject',
  object<DataSubjectFacts>({
    createdAt: time,
    erasedAt: orNull(time),
    id,
    reference: textOrNull({ description: 'What the client calls them, encrypted with their key' }),
  }),
);

interface Left {
  /** As the event left it. */
  readonly subject: DataSubjectFacts;
}

const created = eventType({
  name: 'DataSubjectCreated',
  description: 'Values of somebody may be kept, encrypted with a key of their own.',
  schema: object<Left>({ subject }),
  touches: (data) => [dataSubjectKey(data.subject.id)],
});
const erased = eventType({
  name: 'DataSubjectErased',
  description: 'The key of somebody is destroyed: nothing that was kept of them can be read any more.',
  schema: object<Left & { readonly erasedAt: string; readonly erasedSubject: string }>({
    erasedAt: time,
    erasedSubject: id,
    subject,
  }),
  touches: (data) => [dataSubjectKey(data.subject.id)],
});

/** What the stream of an organization says of its data subjects. */
export const dataSubjectEvents = new EventList({ prefix: 'org-' }, [created, erased]);
export type DataSubjectEvent = EventsOf<typeof dataSubjectEvents>;
