import { constant, named, object, text, time } from '@fintech-ledger/shapes';

export const clockConfirmationShape = named(
  'ClockConfirmation',
  'What an operator said of the clock.',
  object({
    object: constant('clock_confirmation'),
    id: text('The id of the confirmation.', 'clk_1'),
    confirmed_at: time('When it was given.'),
  }),
);
