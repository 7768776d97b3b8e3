import { refusal } from './declared-refusal';

/** Of every module: metadata names a data subject that is not there. */
export const dataSubjectNotFound = refusal(
  'data_subject_not_found',
  'not_found',
  'The organization has no such data subject; where a body names it, `param` says where.',
);
/** Of every module: metadata is to be kept of somebody whose key is destroyed. */
export const dataSubjectErased = refusal(
  'data_subject_erased',
  'conflict',
  'The data subject was erased, so nothing can be kept of it any more; where a body names it, `param` says where.',
);
