import { sawKey } from './lost-keys-met';
import { subjectsIn, subjectsInPlace } from './personal-value';
import type { LostSubject } from './subject-keys';

export const lostSubject = (id: string): LostSubject => ({ id, key: undefined });

/**
 * Counts keys that are not there, of values in their places alone: a client's text that looks like one names nobody.
 * @param json with sealed values @param isMissing whether no key of a subject was found
 */
export function countMissing(json: string, isMissing: (subject: string) => boolean): void {
  if ([...subjectsIn(json)].some(isMissing))
    for (const id of subjectsInPlace(json)) if (isMissing(id)) sawKey(id, true);
}
