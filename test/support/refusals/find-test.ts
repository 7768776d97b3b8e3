import ts from 'typescript';

/** The text of the test with this title, which runs: `it(…)` or `it.each(…)(…)`. Undefined: there is none. */
export function findTest(source: string, title: string): string | undefined {
  const file = ts.createSourceFile('x.spec.ts', source, ts.ScriptTarget.Latest, true);
  const search = (node: ts.Node): string | undefined =>
    isTest(node, title) ? node.getText() : ts.forEachChild(node, search);
  return search(file);
}

function isTest(node: ts.Node, title: string): boolean {
  if (!ts.isCallExpression(node)) return false;
  const [named] = node.arguments;
  if (named === undefined || !ts.isStringLiteralLike(named) || named.text !== title) return false;
  return /^it(\.each\b|$)/.test(node.expression.getText());
}
