/** By which who made a secret finds in an answer whether it is the one that counts. Never shown to clients. */
export const secretMark = (hmac: string): string => hmac.slice(0, 16);
