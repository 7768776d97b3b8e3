import { dataSubjectErased, dataSubjectNotFound, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import type { DataSubjectCommand } from './commands';
import type { DataSubjectEvent } from './events';
import { dataSubjectKey } from './records';
import type { DataSubjectView } from './records';
import type { dataSubjectCommandRefusals } from './refusals';

export interface DataSubjectContext {
  /** RFC 3339, UTC, milliseconds; by the clock of a sandbox. */
  readonly now: string;
}
type Decision = PartDecision<
  DataSubjectEvent,
  CodeOf<(typeof dataSubjectCommandRefusals)[DataSubjectCommand['type']]>
>;

const decided = (event: DataSubjectEvent): Decision => ({ kind: 'decided', events: [event] });

/** What a command does to the data subjects of an organization. A new one's id is random, or its idempotency key's. */
export function decideDataSubjects(
  view: DataSubjectView,
  command: DataSubjectCommand,
  { now }: DataSubjectContext,
): Decision {
  const { subjectId: id } = command;
  const known = view.get(dataSubjectKey(id));
  if (command.type === 'CreateDataSubject') {
    const { reference } = command;
    return decided({
      type: 'DataSubjectCreated',
      data: { subject: { createdAt: now, erasedAt: null, id, reference } },
    });
  }
  if (known === undefined) return refused(dataSubjectNotFound, `There is no data subject ${id}.`);
  if (known.erasedAt !== null)
    return refused(dataSubjectErased, `The data subject ${id} was erased at ${known.erasedAt}.`);
  const { createdAt } = known;
  const subject = { createdAt, erasedAt: now, id, reference: null };
  return decided({ type: 'DataSubjectErased', data: { erasedAt: now, erasedSubject: id, subject } });
}
