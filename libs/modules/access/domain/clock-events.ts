import { eventType, flag, named, object, text, time, wholeNumber } from '@fintech-ledger/contract';
import type { ClockAdvanceFacts } from './facts';
import { clockAdvanceKey, clockKey } from './records';

const advanceId = named('advanceId', text({ pattern: '^cad_[0-9A-Z]+$' }));

const advance = object<ClockAdvanceFacts>({
  askAt: time,
  at: time,
  attempt: wholeNumber({ minimum: 1 }),
  frozen: flag,
  id: advanceId,
  ran: wholeNumber({ minimum: 0 }),
  to: time,
});
const ofAdvance = object<{ readonly advance: ClockAdvanceFacts }>({ advance });
const touches = ({ advance: { id } }: { readonly advance: ClockAdvanceFacts }): readonly string[] => [
  clockKey,
  clockAdvanceKey(id),
];

export const clockFrozen = eventType({
  name: 'ClockFrozen',
  description: 'The clock of a sandbox stands at a time from now on.',
  schema: object<{ readonly time: string }>({ time }),
  touches: () => [clockKey],
});

export const clockReleased = eventType({
  name: 'ClockReleased',
  description: 'The clock of a sandbox goes on, from a time on.',
  schema: object<{ readonly since: string; readonly time: string }>({
    /** Real time: when it was `time` by the clock. */
    since: time,
    time,
  }),
  touches: () => [clockKey],
});

export const clockAdvanceBegun = eventType({
  name: 'ClockAdvanceBegun',
  description: 'The clock of a sandbox is to be moved, and what falls due on the way is to be run.',
  schema: ofAdvance,
  touches,
});

export const clockAdvanceContinued = eventType({
  name: 'ClockAdvanceContinued',
  description: 'The clock of a sandbox has come as far as this on its way, and what is left is to be run.',
  schema: ofAdvance,
  touches,
});

export const clockAdvanceEnded = eventType({
  name: 'ClockAdvanceEnded',
  description:
    'The clock of a sandbox has been moved, to `at`: where it was to go, unless more falls due than one advance runs.',
  schema: object<{ readonly advance: ClockAdvanceFacts; readonly since: string }>({ advance, since: time }),
  touches: (data) => touches(data),
});
