// The sections of CHANGELOG.md, as Keep a Changelog has them.

/**
 * The text below `## [name]`, up to the next version; undefined when there is none.
 * @param {string} changelog
 * @param {string} name a version, or Unreleased
 */
export function section(changelog, name) {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${name}]`));
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  return (end < 0 ? rest : rest.slice(0, end)).join('\n').trim();
}

/**
 * The breaks that the section does not own up to: each is named, in backquotes, below `### Breaking`.
 * @param {readonly import('./open-api.mjs').Break[]} breaks
 * @param {string} text of a section
 */
export function unannounced(breaks, text) {
  const parts = text.split(/^### /m).filter((part) => part.startsWith('Breaking'));
  return breaks.filter(({ subject }) => !parts.some((part) => part.includes(`\`${subject}\``)));
}

/**
 * Why a version can't be released as the changelog stands; empty when it can.
 * @param {string} changelog
 * @param {string} version as in package.json
 */
export function releaseProblems(changelog, version) {
  const problems = [];
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) return [`${version} is not a version`];
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm');
  if (!heading.test(changelog))
    problems.push(`CHANGELOG.md has no heading "## [${version}] - <year-month-day>"`);
  else if (!/^- /m.test(section(changelog, version) ?? ''))
    problems.push(`the section of ${version} is empty`);
  if (section(changelog, 'Unreleased'))
    problems.push('what stands under Unreleased belongs to no version: move it');
  return problems;
}
