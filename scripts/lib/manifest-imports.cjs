// What the manifests of modules say of imports, for the import law, which runs before anything is compiled.
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * @param {string} text of a `<name>.module.ts`
 * @param {string} name of its folder
 * @returns {string[]} the modules that it may import
 * @throws Error it has another name, or does not say what it imports
 */
function importsIn(text, name) {
  const called = /^ {2}name: '([^']*)',$/m.exec(text)?.[1];
  if (called !== name) throw new Error(`libs/modules/${name}: its manifest is called ${called}`);
  const list = /^ {2}imports: \[((?:'[a-z-]+'(?:, )?)*)\],$/m.exec(text)?.[1];
  if (list === undefined) throw new Error(`libs/modules/${name}: its manifest has no list of imports`);
  return [...list.matchAll(/'([a-z-]+)'/g)].map(([, other]) => String(other));
}

/**
 * @param {string} root of the repository
 * @returns {Record<string, string[]>} by module, the others that it may import
 * @throws Error a module has no manifest
 */
function manifestImports(root) {
  const folder = path.join(root, 'libs', 'modules');
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(
    names.map(({ name }) => {
      const file = path.join(folder, name, `${name}.module.ts`);
      return [name, importsIn(readFileSync(file, 'utf8'), name)];
    }),
  );
}

module.exports = { importsIn, manifestImports };
