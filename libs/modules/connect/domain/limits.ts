/** Bank accounts of one connected account. */
export const bankAccountsMax = 10;
