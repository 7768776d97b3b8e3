// How long files, functions and lines are, and what may be longer: what is longer today is on a list that may only shrink.
import ts from 'typescript';

export const bounds = { file: 250, function: 60, line: 120 };

/**
 * What of one source text is over the bounds. Functions go by name, `file.ts › name`; lines are counted.
 * @param {string} name the file's own name, so that the list outlives a move
 * @param {string} text
 * @returns {Map<string, number>}
 */
export function oversizes(name, text) {
  /** @type {Map<string, number>} */
  const found = new Map();
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  if (lines.length > bounds.file) found.set(`${name} (file)`, lines.length);
  const long = lines.filter((line) => [...line].length > bounds.line).length;
  if (long > 0) found.set(`${name} (long lines)`, long);
  const functions = lines.length > bounds.function ? longFunctions(name, text) : [];
  for (const [label, length] of functions) {
    const key = `${name} › ${label}`;
    found.set(key, Math.max(length, found.get(key) ?? 0));
  }
  return found;
}

/** @returns {[string, number][]} */
function longFunctions(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line;
  /** @type {[string, number][]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const length = lineAt(node.getEnd()) - lineAt(node.getStart(source)) + 1;
      if (length > bounds.function) found.push([labelOf(node), length]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.SignatureDeclaration} node */
function labelOf(node) {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.name.getText();
  return ts.isCallExpression(parent) ? `${parent.expression.getText().split('\n')[0]}(…)` : 'anonymous';
}

/**
 * Adds up what files of one name are over: lines are summed, the rest is the longest.
 * @param {Iterable<Map<string, number>>} maps
 */
export function merged(maps) {
  /** @type {Map<string, number>} */
  const all = new Map();
  for (const map of maps)
    for (const [key, value] of map) {
      const before = all.get(key) ?? 0;
      all.set(key, key.endsWith('(long lines)') ? before + value : Math.max(before, value));
    }
  return all;
}

/**
 * What is longer than the list says, and what the list says that no longer holds: both are wrong.
 * @param {ReadonlyMap<string, number>} found
 * @param {Readonly<Record<string, number>>} listed
 */
export function compareWithList(found, listed) {
  const problems = [];
  for (const [key, value] of found) {
    const limit = listed[key];
    if (limit === undefined) problems.push(`${key}: ${value}, allowed are ${boundOf(key)}`);
    else if (value > limit) problems.push(`${key}: ${value}, it was ${limit} and may only shrink`);
  }
  for (const [key, limit] of Object.entries(listed)) {
    const value = found.get(key);
    if (value === undefined || value < limit)
      problems.push(
        `${key}: ${value ?? 'nothing'} now, the list still says ${limit}: run npm run style -- --lower`,
      );
  }
  return problems;
}

/**
 * The list after what has become shorter; nothing is added and nothing raised.
 * @param {ReadonlyMap<string, number>} found
 * @param {Readonly<Record<string, number>>} listed
 */
export function loweredList(found, listed) {
  const kept = Object.entries(listed).flatMap(([key, limit]) => {
    const value = found.get(key);
    return value === undefined ? [] : [/** @type {[string, number]} */ ([key, Math.min(limit, value)])];
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const boundOf = (key) =>
  key.endsWith('(file)')
    ? bounds.file
    : key.endsWith('(long lines)')
      ? `0 lines over ${bounds.line}`
      : bounds.function;
