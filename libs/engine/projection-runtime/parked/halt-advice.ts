import type { HaltCode } from '../halt-codes';

const retry = 'It is tried again automatically; "ledgerctl parked retry" does it at once.';

const advices: Readonly<Record<HaltCode, string>> = {
  unknown_event_version: `A newer version of the product wrote it: upgrade this process. ${retry}`,
  event_damaged:
    'Don\'t edit events. See with "ledgerctl verify" what holds, and bring the event back from a backup. ' +
    retry,
  event_missing: `See with "ledgerctl verify" whether the store has the event. ${retry}`,
  journal_rewritten:
    'Bring back the right event store, or accept the one that is there with "ledgerctl recover". ' + retry,
  rows_contradict:
    'Rows of the read model were edited, most often: see with "ledgerctl verify" that the journal holds, then ' +
    `rebuild the read model. ${retry}`,
  record_refused: `Raise the broker's limit of a message. ${retry}`,
  read_again: `Nothing: it is being read again. ${retry}`,
  other: `Mend what the reason names. ${retry}`,
};

/** What an operator does about a stream that is halted. @param code also one of a newer version of the product */
export const haltAdvice = (code: string): string =>
  Object.hasOwn(advices, code) ? advices[code as HaltCode] : advices.other;
