/** Places for the entries of one event: a capture of 1,000 lines has up to 2,000. */
const entriesPerEvent = 4096;

/** An entry's place in its journal: exact up to revision 2^41. */
export function sequenceOf(revision: number, index: number): number {
  return revision * entriesPerEvent + index;
}

export function revisionOf(sequence: number): number {
  return Math.floor(sequence / entriesPerEvent);
}
