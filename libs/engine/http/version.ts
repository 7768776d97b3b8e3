/** The version of the HTTP contract. */
export const apiVersion = '1.0.0';
