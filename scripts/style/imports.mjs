// Of another library only its index may be imported; a library is a folder with an index.
import path from 'node:path';
import ts from 'typescript';

/**
 * @param {string} file from the root of the repository
 * @param {string} text
 * @param {readonly string[]} libraries folders that have src/index.ts
 */
export function deepImports(file, text, libraries) {
  const owner = ownerOf(file, libraries);
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return imported.filter((specifier) => {
    if (/^@fintech-ledger\/[^/]+\/(?!(base|domain|formats|nest)$)/.test(specifier)) return true;
    if (!specifier.startsWith('.')) return false;
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const library = ownerOf(target, libraries);
    if (isOpen(file, target)) return false;
    return library !== undefined && library !== owner && !isIndexOf(library, target);
  });
}

/**
 * A Nest module is not in its library's index, so that the library loads without Nest. Specs may reach into what is made for specs (the testing
 * library, the contract suites), and compose the inner parts of apps.
 */
const isOpen = (file, target) =>
  /\.module$/.test(target) ||
  (/\.spec\.ts$|^test\//.test(file) &&
    /\/testing\/|^libs\/engine\/http\/|\/contract(-suite$|\/)|^apps\//.test(target));

const isIndexOf = (library, target) =>
  target.startsWith(library) && /^(\/src)?(\/index(\.[jt]s)?)?$/.test(target.slice(library.length));

const ownerOf = (file, libraries) =>
  libraries.filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
