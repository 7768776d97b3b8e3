import {
  answered,
  constant,
  flag,
  livemodeOfKey,
  named,
  nullable,
  object,
  page,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import type { DataSubjectFacts } from './facts';

const members = {
  id: text('The id of the data subject.', 'sub_1'),
  object: constant('data_subject'),
  reference: nullable(
    text('What you call them. Kept encrypted with their key.', 'user-17'),
    'value',
    'Null: they are erased.',
  ),
  erased: flag('Whether their key is destroyed, so that nothing that was kept of them can be read.', false),
  created_at: time('When it was created.'),
  erased_at: nullable(time('When the key was destroyed; null: it is there.')),
} as const;

export const dataSubjectShape = named(
  'DataSubject',
  'Somebody of whom values are kept, encrypted with a key of their own.',
  object({ ...members, livemode: livemodeOfKey }),
);
export const dataSubjectPage = page(dataSubjectShape);
export const dataSubjectAnswer = named(
  'DataSubjectAnswer',
  'A data subject that was just created or erased.',
  object({ ...members, livemode: livemodeOfKey, ...answered }),
);
export type DataSubjectShown = Omit<ViewOf<typeof dataSubjectShape>, 'livemode'>;

/** A data subject in the API's shape; its reference is still sealed. */
export function dataSubjectView({ id, reference, createdAt, erasedAt }: DataSubjectFacts): DataSubjectShown {
  return {
    id,
    object: 'data_subject',
    reference,
    erased: erasedAt !== null,
    created_at: createdAt,
    erased_at: erasedAt,
  };
}
