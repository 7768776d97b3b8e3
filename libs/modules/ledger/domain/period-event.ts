import { eventType, object, orNull, text, time } from '@fintech-ledger/contract';
import type { EventType } from '@fintech-ledger/contract';
import { periodKey } from './period';
import type { PeriodFacts } from './period';

/** That a part of the books is closed. It moves no money, and changes no account. */
export const periodClosedEvent: EventType<'PeriodClosed', PeriodFacts> & { readonly begins: false } = {
  ...eventType({
    name: 'PeriodClosed',
    description:
      'The books were closed through a moment: what clients book later counts after it. Moves no money.',
    schema: object<PeriodFacts>({
      closedAt: time,
      id: text({ pattern: '^pcl_[0-9A-Za-z_-]+$' }),
      previousThrough: orNull(time),
      reason: text({ description: 'Why, as the client says' }),
      through: time,
    }),
    touches: () => [periodKey],
  }),
  begins: false,
};
