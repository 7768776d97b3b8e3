/** Every bound of the domain, by name. */
export const entriesMin = 2;
export const entriesMax = 1_000;
export const bulkTransactionsMax = 10_000;
export const amountDigitsMax = 36;
