/** Events that one page of `GET …/events` looks at, whatever the filter leaves of them. */
export const eventsScannedMax = 5_000;
