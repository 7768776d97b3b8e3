/** Within which every process knows that a clock was set, or refuses commands: twice what that takes, milliseconds. */
export const clockKnownMs = 2_000;
