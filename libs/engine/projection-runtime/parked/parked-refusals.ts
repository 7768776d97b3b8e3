import { refusal } from '@fintech-ledger/contract';

export const parkedEventNotFound = refusal(
  'parked_event_not_found',
  'not_found',
  'There is no such parked event: it was applied since, perhaps.',
);
export const parkedEventNotDiscardable = refusal(
  'parked_event_not_discardable',
  'conflict',
  'A read model or the relay is halted at it: the books would lack it. Mend what its reason names, and retry it.',
);
export const parkedEventSettled = refusal(
  'parked_event_settled',
  'conflict',
  'The event was sent or discarded before.',
);

export const parkedRefusals = [parkedEventNotFound, parkedEventNotDiscardable, parkedEventSettled];
