/** Open disputes of a connected account's own payments. Those that were lost are among them by earlier releases. */
export interface AccountDisputesRecord {
  readonly kind: 'account_disputes';
  readonly disputes: readonly string[];
}
