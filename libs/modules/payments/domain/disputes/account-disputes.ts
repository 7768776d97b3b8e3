/** Disputes of a connected account's own payments, but for those that were won. */
export interface AccountDisputesRecord {
  readonly kind: 'account_disputes';
  readonly disputes: readonly string[];
}
