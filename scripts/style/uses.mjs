// What is declared and never used: limits, and codes of refusals.
import ts from 'typescript';

/**
 * The names of what a limits.ts exports; of an object of limits, its members.
 * @param {string} text
 * @returns {string[]}
 */
export function limitNames(text) {
  const source = ts.createSourceFile('limits.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || !isExported(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
      const value = bare(initializer);
      return value && ts.isObjectLiteralExpression(value) ? memberNames(value) : [name.getText(source)];
    });
  });
}

/**
 * The members of a table of codes: `export const <name> = { code: … }`.
 * @param {string} text
 * @param {string} table
 */
export function tableCodes(text, table) {
  const source = ts.createSourceFile('table.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ name, initializer }) => {
          const value = bare(initializer);
          return name.getText(source) === table && value && ts.isObjectLiteralExpression(value)
            ? memberNames(value)
            : [];
        })
      : [],
  );
}

/**
 * The names of the refusals that a file declares: `export const <name> = refusal(…)`.
 * @param {string} text
 * @returns {string[]}
 */
export function declaredRefusals(text) {
  const source = ts.createSourceFile('refusals.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ name, initializer }) =>
          initializer &&
          ts.isCallExpression(initializer) &&
          initializer.expression.getText(source) === 'refusal'
            ? [name.getText(source)]
            : [],
        )
      : [],
  );
}

/**
 * The names that something is refused with: what a call is given, or a member `refusal`. A list, or what is left out of
 * one, refuses nothing.
 * @param {string} text
 * @returns {Set<string>}
 */
export function refusedWith(text) {
  const source = ts.createSourceFile('rules.ts', text, ts.ScriptTarget.Latest, true);
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {ts.Node} node */
  const take = (node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (
      (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
      node.expression.getText(source) !== 'except'
    )
      (node.arguments ?? []).forEach(take);
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'refusal') take(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/**
 * Those of the names that stand in none of the texts.
 * @param {readonly string[]} names
 * @param {Iterable<string>} texts
 * @param {(name: string) => RegExp} how
 */
export function unused(names, texts, how) {
  const left = new Map(names.map((name) => [name, how(name)]));
  for (const text of texts) for (const [name, pattern] of left) if (pattern.test(text)) left.delete(name);
  return [...left.keys()];
}

/** As a word: an identifier, or a member. */
export const asWord = (name) => new RegExp(`\\b${name}\\b`);
/** As a text: a code that is given, not only a key of a table. */
export const asText = (name) => new RegExp(`['"\`]${name}['"\`]`);

const isExported = (statement) =>
  statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

/** @param {ts.Expression | undefined} expression */
function bare(expression) {
  let inner = expression;
  while (
    inner &&
    (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isParenthesizedExpression(inner))
  )
    inner = inner.expression;
  return inner;
}

/** @param {ts.ObjectLiteralExpression} value */
const memberNames = (value) =>
  value.properties.flatMap(({ name }) => (name === undefined ? [] : [name.getText()]));
