import { apiKeyNotFound } from '@fintech-ledger/access/domain';
import type { PathParameter } from '@fintech-ledger/http';

const pattern = /^key_[A-Za-z0-9_-]{1,64}$/;

export const apiKeyParameter: PathParameter = {
  name: 'apiKey',
  description: 'The id of the API key.',
  schema: { type: 'string', pattern: pattern.source },
  accepts: (value) => pattern.test(value),
  refusal: apiKeyNotFound,
  detail: 'There is no such API key.',
};
