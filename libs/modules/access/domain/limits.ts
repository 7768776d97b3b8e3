/** Addresses and ranges of them that one key may be restricted to: each request is held against all of them. */
export const allowedIpsMax = 50;
/** Secrets of one key that open at once. */
export const keySecretsMax = 5;
/** Seconds for which the secret before a rotation still opens: by default, and at most. As of webhook endpoints. */
export const keyOverlapSeconds = 86_400;
export const keyOverlapSecondsMax = 604_800;
