import { sandboxNotFound } from '@fintech-ledger/access/domain';
import type { PathParameter } from '@fintech-ledger/http';

export const sandboxParameter: PathParameter = {
  name: 'sandbox',
  description: 'The id of the sandbox.',
  pattern: /^sbx_[A-Za-z0-9_-]{1,64}$/,
  refusal: sandboxNotFound,
  detail: 'There is no such sandbox.',
};
