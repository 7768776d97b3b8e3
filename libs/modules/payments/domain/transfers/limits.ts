/** Transfers that name one payment as their source. */
export const transfersOfPaymentMax = 100;
