/** A code that no client brings about by what it sends, and the test that has it made. */
export interface Elsewhere {
  readonly code: string;
  /** Of this operation alone; absent: of all. */
  readonly operationId?: string;
  readonly file: string;
  /** The title of the test, which names the code. */
  readonly it: string;
}

const api = 'apps/api/src/api.e2e.spec.ts';
const journalBalance = 'test/journal-balance.e2e.spec.ts';
const tooLarge = 'test/too-large.e2e.spec.ts';
const rebuilds = 'libs/modules/ledger/read-model/rebuild.int.spec.ts';
const refusedRebuilds = 'refuses what can not be, and changes nothing';
const parked = 'test/parked.int.spec.ts';
const fx = 'test/fx.int.spec.ts';
const dataSubjects = 'test/data-subjects.int.spec.ts';
const keptEncrypted =
  'are kept encrypted by every operation that takes metadata, and forgotten by all of them';
const metadataBounded =
  'leave an object at most 50 keys of metadata, and null removes all, by every operation that changes them';
const lostAnswers = 'tells what is unavailable from what is unknown';

/** Codes that need a fault of the store, the read models or the connection, or a store with a lower limit. */
export const madeElsewhere: readonly Elsewhere[] = [
  { code: 'metadata_limit', file: dataSubjects, it: metadataBounded },
  { code: 'quote_expired', file: fx, it: 'expires by the clock of the environment, at its moment' },
  {
    // A quote is over before its turn comes here.
    code: 'insufficient_available',
    operationId: 'createFxConversion',
    file: fx,
    it: 'is refused with what does not allow it, and nothing is booked',
  },
  {
    // The share of a party is pending here as long as it lasts.
    code: 'insufficient_available',
    operationId: 'reverseSplit',
    file: 'libs/modules/payments/domain/splits/split-reversals.spec.ts',
    it: 'are refused of a party that has not enough, and taken of one whose account is closed',
  },
  {
    // Money comes to an account after its closing by a dispute or a statement alone.
    code: 'account_not_empty',
    operationId: 'eraseConnectedAccount',
    file: 'libs/modules/payments/domain/closed-accounts.spec.ts',
    it: 'keeps it from being erased as long as a payout of it is under way',
  },
  {
    code: 'too_many_scheduled_rates',
    file: 'libs/modules/fx/domain/fx.spec.ts',
    it: 'waits for its time with a limit, and what is over is forgotten',
  },
  {
    // It needs an account that payouts by bank go to.
    code: 'payout_too_large',
    file: 'libs/modules/bank/domain/payouts-by-bank.spec.ts',
    it: 'are refused where there is nowhere to pay to, or nothing to pay from',
  },
  {
    // It waits ten seconds for a rail that does not answer.
    code: 'payment_unexpected_state',
    operationId: 'createTransfer',
    file: 'libs/modules/payments/deferral.spec.ts',
    it: '%s that has waited long enough is refused at its payment',
  },
  {
    // It needs a batch that pays an account whose key is lost.
    code: 'payout_file_erased',
    file: 'libs/modules/payments/payouts/payout-batch-reads.spec.ts',
    it: 'is refused once somebody to whom it pays is erased, before its first byte',
  },
  {
    code: 'reconciliation_too_large',
    file: 'libs/modules/bank/reconciliation/reconciliation-reads.spec.ts',
    it: 'are refused where there are more lines than are compared at once',
  },
  {
    // A batch is made at midnight.
    code: 'invalid_cursor',
    operationId: 'getPayoutBatchHistory',
    file: 'test/bank-transfers.int.spec.ts',
    it: 'no file of a batch that is none, and no page after a cursor that is none',
  },
  {
    code: 'statement_changed',
    file: 'libs/modules/bank/domain/bank.spec.ts',
    it: 'changes nothing when it is imported again, and goes on where it ended',
  },
  {
    code: 'parked_event_settled',
    file: parked,
    it: 'are discarded with a reason, which is an event of its own',
  },
  {
    code: 'parked_event_not_discardable',
    file: parked,
    it: 'halt a read model, which says which event, why and what to do, and goes on after a retry',
  },
  { code: 'projection_has_no_ledgers', file: rebuilds, it: refusedRebuilds },
  { code: 'rebuild_running', file: rebuilds, it: refusedRebuilds },
  { code: 'rebuild_not_ready', file: rebuilds, it: refusedRebuilds },
  { code: 'rebuild_not_running', file: rebuilds, it: refusedRebuilds },
  { code: 'rebuild_not_reversible', file: rebuilds, it: refusedRebuilds },
  {
    code: 'stream_too_slow',
    file: 'libs/modules/ledger/history/event-streams.spec.ts',
    it: 'is cut after a while, with the reason as the last message',
  },
  {
    code: 'clock_advancing',
    file: 'libs/modules/access/domain/clock.spec.ts',
    it: 'is advanced in parts, each of which intends the next one, and is not set meanwhile',
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
  {
    code: 'too_many_webhook_secrets',
    file: 'libs/modules/webhooks/domain/decide.spec.ts',
    it: 'has at most so many that sign, and the new one alone is always given',
  },
  {
    code: 'too_many_payment_methods',
    file: 'libs/modules/customers/domain/customers.spec.ts',
    it: 'is one of at most 100',
  },
  {
    code: 'too_many_transfers',
    file: 'libs/modules/payments/domain/transfers/transfers.spec.ts',
    it: 'is of one that succeeded, in its currency, at most a hundred times',
  },
  {
    code: 'payment_declined',
    file: 'test/payments.int.spec.ts',
    it: 'are declined by their rail: 402, with the payment, for ever',
  },
  {
    code: 'statement_too_long',
    file: 'libs/modules/audit/statements/statements.spec.ts',
    it: 'has a most of entries',
  },
  { code: 'data_subject_not_found', file: dataSubjects, it: keptEncrypted },
  { code: 'data_subject_erased', file: dataSubjects, it: keptEncrypted },
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
  // Thousands of lines.
  {
    code: 'dry_run_too_large',
    file: 'test/dry-runs-of-files.int.spec.ts',
    it: 'is refused of what is more than its memory takes',
  },
  { code: 'bulk_too_large', file: tooLarge, it: 'is refused of a transaction, and of a bulk that is atomic' },
];
