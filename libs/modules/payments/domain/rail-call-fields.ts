import { flag, oneOf, text, time, wholeNumber } from '@fintech-ledger/contract';
import { railCallStates } from './facts';

/**
 * The fields of calls of rails, and of questions to them. Not those of payments: their published schemas have others
 * between. @param key what its key is for
 */
export const railCallFields = (key = 'By which the rail does it once') => ({
  askAt: time,
  at: time,
  attempt: wholeNumber({ minimum: 1 }),
  isQuestion: flag,
  key: text({ description: key }),
  since: time,
  state: oneOf(...railCallStates),
});
