/** Saved payment methods of one customer that are not detached. */
export const paymentMethodsMax = 100;
