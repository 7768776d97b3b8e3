/** Pages of public events whose events are read at once, in all and for one organization. */
export const publicEventPagesAtOnce = 2;
export const publicEventPagesOfOneAtOnce = 1;
/** Types, or beginnings of types, that one list may ask for. */
export const typePatternsMax = 20;
