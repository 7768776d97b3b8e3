/** Bank accounts of an environment. */
export const bankAccountsMax = 20;
/** Those that were forgotten last, and may be named yet by payouts of the same day; older ones that these need, too. */
export const formerAccountsMax = 100;
/** Lines that wait for the rest of one payment; what comes then is parked without it. */
export const partsOfPaymentMax = 50;
/** What one line may be said to be for at once; what is left of it is for another command. */
export const objectsOfLineMax = 250;
/** Lines that one command imports; fewer, where what they book is more than one append of the event store takes. */
export const linesAtOnce = 100;
