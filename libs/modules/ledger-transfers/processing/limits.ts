/** Every bound of deliveries, by name. */
export const deliveryLimits = {
  /**
   * How long one attempt looks for the writer of the other ledger: the clock of a sandbox may be frozen, and then no
   * later attempt becomes due.
   */
  deliverMsMax: 20_000,
} as const;
