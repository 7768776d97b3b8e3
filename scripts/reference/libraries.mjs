// The picture of the libraries, from what dependency-cruiser found.
import { cruise } from '../lib/cruise.mjs';

/**
 * A folder that is a library or an app: of `libs/engine/journal/src/x.ts` it is `libs/engine/journal`.
 * @param {string} file
 */
const packageOf = (file) =>
  /^(libs\/(?:(?:engine|platform|modules)\/)?[a-z-]+|apps\/[a-z-]+)\//.exec(file)?.[1];

/**
 * Which package imports which, without specs and what is for specs only.
 * @param {readonly { source: string, dependencies: readonly { resolved: string }[] }[]} modules
 * @returns {Map<string, Set<string>>}
 */
export function packageImports(modules) {
  /** @type {Map<string, Set<string>>} */
  const imports = new Map();
  for (const { source, dependencies } of modules) {
    const from = packageOf(source);
    if (from === undefined || isForSpecs(source)) continue;
    const targets = imports.get(from) ?? new Set();
    imports.set(from, targets);
    for (const { resolved } of dependencies) {
      const to = packageOf(resolved);
      if (to !== undefined && to !== from && !isForSpecs(resolved)) targets.add(to);
    }
  }
  return imports;
}

const isForSpecs = (file) =>
  /\.spec\.ts$|contract-suite\.ts$|event-store\/contract\/|^libs\/testing\//.test(file);

/**
 * Without the imports that follow from others: A → C when A → B → C.
 * @param {ReadonlyMap<string, ReadonlySet<string>>} imports
 */
export function reduced(imports) {
  const reaches = (from, to, seen = new Set()) =>
    [...(imports.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  return new Map(
    [...imports].map(([from, targets]) => [
      from,
      new Set([...targets].filter((to) => ![...targets].some((other) => other !== to && reaches(other, to)))),
    ]),
  );
}

/**
 * A Mermaid flowchart, in a fixed order.
 * @param {ReadonlyMap<string, ReadonlySet<string>>} imports
 */
export function mermaid(imports) {
  const names = [...new Set([...imports].flatMap(([from, targets]) => [from, ...targets]))].sort();
  const id = (name) => name.replace(/\W/g, '_');
  const groups = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('/'))))].sort();
  const lines = groups.flatMap((group) => [
    `  subgraph ${id(group)}_["${group}"]`,
    ...names
      .filter((name) => name.startsWith(`${group}/`) && !name.slice(group.length + 1).includes('/'))
      .map((name) => `    ${id(name)}["${name.slice(group.length + 1)}"]`),
    '  end',
  ]);
  const arrows = names.flatMap((from) =>
    [...(imports.get(from) ?? [])].sort().map((to) => `  ${id(from)} --> ${id(to)}`),
  );
  return ['```mermaid', 'flowchart TD', ...lines, ...arrows, '```'].join('\n');
}

/**
 * The picture as it is now.
 * @param {string} root of the repository
 */
export const librariesPicture = (root) => mermaid(reduced(packageImports(cruise(root).modules)));
