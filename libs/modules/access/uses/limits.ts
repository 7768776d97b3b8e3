/** How often a process writes which API keys were used since. */
export const useWriteMs = 60_000;
/** Keys that one statement writes. */
export const usesWrittenAtOnce = 10_000;
/** How long a process that stops tries to write what is left. */
export const useCloseMsMax = 1_000;
