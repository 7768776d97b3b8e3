/** Every bound of the domain, by name. */
export const entriesMin = 2;
export const entriesMax = 1_000;
export const bulkTransactionsMax = 10_000;
/** Of the text that says why a period is closed. */
export const reasonLengthMax = 1_000;
export const amountDigitsMax = 36;
/** Of an amount in an imported file: what is booked of many amounts together is a sum of them. */
export const importedAmountDigitsMax = 40;
/** An event tells all lines of an earlier transaction that has no more; of a longer one those that it changed. */
export const linesToldMax = 20;
/** The transactions that reverse one are named up to here; a list has all. */
export const reversalsNamedMax = 20;
/** Of an amended account in an imported file: before there was a limit, changes could add to them for ever. */
export const importedMetadataKeysMax = 1_000;
/** What is kept of a value of a data subject, encrypted and written in base64. */
export const sealedValueLengthMax = 5_000;
