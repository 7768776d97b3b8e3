/** A value of metadata that belongs to a data subject, as a client gives it. */
export interface SubjectValue {
  readonly subject: string;
  readonly value: string;
}
/** One, with its place in what was validated. */
export interface FoundSubjectValue {
  readonly given: SubjectValue;
  /** JSON pointer. */
  readonly param: string;
  readonly root: unknown;
  readonly parent: Record<string, unknown>;
  readonly name: string;
}

/** What a validation says of the place where it is. */
interface Place {
  readonly instancePath: string;
  readonly rootData: unknown;
  readonly parentData: unknown;
  readonly parentDataProperty: number | string;
}

/**
 * What validations came upon since this was emptied. A validation has no result but yes or no; it and whoever looks
 * here run in one go, and nothing is noted where there is no such value, so that other requests pay one comparison.
 */
export const foundSubjectValues: FoundSubjectValue[] = [];

/** The keyword of metadata values: it judges nothing. */
export function noteSubjectValue(
  _schema: boolean,
  given: SubjectValue,
  _parent?: object,
  at?: Place,
): boolean {
  if (at === undefined) return true;
  foundSubjectValues.push({
    given,
    param: at.instancePath,
    root: at.rootData,
    parent: at.parentData as Record<string, unknown>,
    name: String(at.parentDataProperty),
  });
  return true;
}

/** The values of what was just found to be valid; whatever else was noted is forgotten. */
export function takeSubjectValues(root: unknown): readonly FoundSubjectValue[] {
  return foundSubjectValues.splice(0).filter((found) => found.root === root);
}
