/** Environments whose payments ledger a process remembers; others are asked for again. */
export const paymentsLedgersKnownMax = 100_000;
