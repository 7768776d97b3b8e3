/** How long a new or revoked API key waits to be seen by the read models before it is answered, milliseconds. */
export const apiKeyVisibleWaitMs = 2_000;
