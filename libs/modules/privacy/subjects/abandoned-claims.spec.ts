import type { CommandGateway } from '@fintech-ledger/journal';
import { DataSubjectWriter } from '../data-subjects/data-subject-writer';
import { AbandonedClaims } from './abandoned-claims';
import { PersonalValues } from './personal-values';
import type { ClaimedSubject, ClaimEnd, SubjectKeys } from './subject-keys';

const claimed: readonly ClaimedSubject[] = ['sub_none', 'sub_mute', 'sub_known', 'sub_erased'].map((id) => ({
  id,
  organizationId: 'org_1',
}));

it('asks the writer of an organization about claims of data subjects, and lets none keep others waiting', async () => {
  const refused = (code: string) => ({ kind: 'refused', refusal: { code } });
  const says: Readonly<Record<string, object>> = {
    sub_none: refused('data_subject_not_found'),
    sub_known: { kind: 'accepted', answer: '{}' },
    sub_erased: refused('data_subject_erased'),
  };
  const gateway = {
    submit: ({ command, dryRun }: { command: { type: string; subjectId: string }; dryRun: boolean }) => {
      expect([command.type, dryRun]).toEqual(['EraseDataSubject', true]);
      const answer = says[command.subjectId];
      return answer === undefined ? Promise.reject(new Error('no writer')) : Promise.resolve(answer);
    },
  } as unknown as CommandGateway;
  const settled = new Map<string, ClaimEnd>();
  const keys = {
    claimed: (of: string) => Promise.resolve(of === 'data_subject' ? claimed : []),
    settle: ({ id }: ClaimedSubject, end: ClaimEnd) => Promise.resolve(void settled.set(id, end)),
  } as unknown as SubjectKeys;
  const writer = new DataSubjectWriter(gateway, keys, new PersonalValues(keys));
  const claims = new AbandonedClaims(keys, 'data_subject', (subject) => writer.endOf(subject));
  await expect(claims.settle()).rejects.toThrow('no writer');
  expect([...settled]).toEqual([
    ['sub_none', undefined],
    ['sub_known', 'all'],
    ['sub_erased', []],
  ]);
});
