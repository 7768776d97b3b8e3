import { Described, Is, Optional, PageQuery, oneOfRule, referenceRule } from '@fintech-ledger/http';

@Described('Somebody of whom values are to be kept.')
export class CreateDataSubjectDto {
  @Is(
    referenceRule,
    'What you call them, such as their id with you. Kept encrypted with their key; two data subjects may have one.',
  )
  declare readonly reference: string;
}

export class DataSubjectsQuery extends PageQuery {
  @Is(referenceRule, 'Only those with this reference who are not erased.')
  @Optional()
  declare readonly reference?: string;

  @Is(oneOfRule('yes_no', ['true', 'false']), 'Only those who are erased, or who are not.')
  @Optional()
  declare readonly erased?: 'true' | 'false';
}
