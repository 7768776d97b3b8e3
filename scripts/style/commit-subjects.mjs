export const subjectCharactersMax = 72;

/**
 * What is wrong with a commit's subject.
 * @param {string} subject
 */
export function subjectProblems(subject) {
  const problems = [];
  const length = [...subject].length;
  if (length > subjectCharactersMax) problems.push(`${length} characters, at most ${subjectCharactersMax}`);
  if (!/^\p{Lu}/u.test(subject)) problems.push('begins without a capital letter');
  if (subject.endsWith('.')) problems.push('ends with a full stop');
  return problems;
}
