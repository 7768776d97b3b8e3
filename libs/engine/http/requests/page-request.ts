import type { PageRequest } from '@fintech-ledger/projection-runtime';
import { pageLimitDefault } from '../limits';
import type { PageQuery } from './query-dtos';

export function pageOf({ limit, cursor }: PageQuery): PageRequest {
  return {
    limit: limit === undefined ? pageLimitDefault : Number(limit),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
