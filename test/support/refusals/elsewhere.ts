/** A code that no client brings about by what it sends, and the test that has it made. */
export interface Elsewhere {
  readonly code: string;
  readonly file: string;
  /** The title of the test, which names the code. */
  readonly it: string;
}

const api = 'apps/api/src/api.e2e.spec.ts';
const journalBalance = 'test/journal-balance.e2e.spec.ts';
const tooLarge = 'test/too-large.e2e.spec.ts';
const lostAnswers = 'tells what is unavailable from what is unknown';

/** Codes that need a fault of the store, the read models or the connection, or a store with a lower limit. */
export const madeElsewhere: readonly Elsewhere[] = [
  {
    code: 'stream_too_slow',
    file: 'libs/modules/ledger/history/event-streams.spec.ts',
    it: 'is cut after a while, with the reason as the last message',
  },
  {
    code: 'too_many_requests',
    file: 'apps/api/src/fair-shares.e2e.spec.ts',
    it: 'is answered 429 with when to come again, and others go on',
  },
  {
    code: 'account_managed',
    file: 'test/joined-journals.int.spec.ts',
    it: 'does not let a client %s that the module manages',
  },
  {
    code: 'too_many_webhook_endpoints',
    file: 'test/webhooks.e2e.spec.ts',
    it: 'refuse the endpoint after the last one that an organization may have',
  },
  { code: 'unavailable', file: api, it: lostAnswers },
  { code: 'outcome_unknown', file: api, it: lostAnswers },
  { code: 'answer_unavailable', file: api, it: lostAnswers },
  { code: 'read_model_behind', file: api, it: 'waits for the position that it is asked to reach' },
  {
    code: 'read_model_halted',
    file: 'test/halted-ledger.e2e.spec.ts',
    it: 'is answered 503 read_model_halted with the reason, alone, until the cause is gone',
  },
  {
    code: 'read_model_inconsistent',
    file: journalBalance,
    it: 'is not what a row of a read model was made to say',
  },
  {
    code: 'journal_damaged',
    file: journalBalance,
    it: 'is refused when the event that it rests on is not as it was written',
  },
  {
    code: 'hold_too_large',
    file: tooLarge,
    it: 'is refused of a hold that could not be released by one event',
  },
  { code: 'bulk_too_large', file: tooLarge, it: 'is refused of a transaction, and of a bulk that is atomic' },
];
