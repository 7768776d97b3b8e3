/** Every bound of the calls of rails, by name. */
export const processingLimits = {
  /** How long a rail is waited for: less than the caller of a payment waits, so that there is something to say then. */
  callMsMax: 7_000,
} as const;
