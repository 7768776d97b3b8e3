/** Ledgers whose organization is remembered. */
export const knownLedgersMax = 100_000;
/** Units known to be in use, over all organizations. */
export const knownUnitsMax = 10_000;
