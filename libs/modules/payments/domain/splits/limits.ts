/** Of one rule: a split books two lines for each. */
export const partiesMax = 100;
/** All shares of a split, in hundredths of a percent. */
export const wholeBps = 10_000;
