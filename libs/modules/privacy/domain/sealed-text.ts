/** What every sealed value begins with. */
export const sealedPrefix = 'sealed:1:';

const sealedForm = /^sealed:1:[a-z_.]+:(sub_[A-Za-z0-9]+):[A-Za-z0-9_-]+$/;

/** Whose value a text is, of the form that sealed values have; undefined: it is none. A client may write one, too. */
export const subjectOf = (sealed: string): string | undefined => sealedForm.exec(sealed)?.[1];
