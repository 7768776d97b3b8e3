import { dataSubjectNotFound } from '@fintech-ledger/contract';
import type { PathParameter } from '@fintech-ledger/http';

export const dataSubjectParameter: PathParameter = {
  name: 'subject',
  description: 'The id of the data subject.',
  pattern: /^sub_[A-Za-z0-9]{1,64}$/,
  refusal: dataSubjectNotFound,
  detail: 'There is no such data subject.',
};
