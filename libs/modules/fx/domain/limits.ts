/** Rates of one pair that are not in force yet. */
export const scheduledRatesMax = 100;
/** How long a quote may be used. */
export const quoteSeconds = 60;
/** Digits of a rate before and after its point. */
export const rateWholeDigitsMax = 12;
export const rateDecimalsMax = 18;
