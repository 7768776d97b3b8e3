import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DataSubjectEvent } from './events';
import { dataSubjectKey } from './records';
import type { DataSubjectRecord, DataSubjectView } from './records';

export interface DataSubjectChange {
  readonly key: string;
  readonly record: DataSubjectRecord;
}

/** The record that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveDataSubjects(
  view: DataSubjectView,
  { type, data }: DataSubjectEvent,
): readonly DataSubjectChange[] {
  const { subject } = data;
  const key = dataSubjectKey(subject.id);
  const known = view.get(key);
  const fits = type === 'DataSubjectCreated' ? known === undefined : known?.erasedAt === null;
  if (!fits) throw new BrokenInvariant(`${type} of data subject ${subject.id}`);
  return [{ key, record: { kind: 'data_subject', ...subject } }];
}
