import { apiKeyNotFound } from '@fintech-ledger/access/domain';
import type { PathParameter } from '@fintech-ledger/http';

export const apiKeyParameter: PathParameter = {
  name: 'apiKey',
  description: 'The id of the API key.',
  pattern: /^key_[A-Za-z0-9_-]{1,64}$/,
  refusal: apiKeyNotFound,
  detail: 'There is no such API key.',
};
