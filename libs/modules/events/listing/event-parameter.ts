import { refusal } from '@fintech-ledger/contract';
import type { PathParameter } from '@fintech-ledger/http';

export const eventNotFound = refusal(
  'event_not_found',
  'not_found',
  'There is no such event, or it belongs to another organization.',
);

export const eventParameter: PathParameter = {
  name: 'event',
  description: 'The id of the event.',
  pattern: /^evt_[A-Za-z0-9_-]{1,64}$/,
  refusal: eventNotFound,
  detail: 'There is no such event.',
};
