// What one request entered, from the coverage around it.

/**
 * @typedef {{ ranges: { startOffset: number, endOffset: number, count: number }[] }} Covered a function as V8 covers
 * it
 */
/** @typedef {{ url: string, functions: Covered[] }} Script */

/** The getter that the compiler writes for an export: whoever reads a constant runs no code of its file. */
const exportGetter = /^(?:get \w+ ?|function ?)\(\) ?\{\s*return \w+;\s*\}$/;

/**
 * The files below `base` of which a function ran. Index files only hand on what others have, so they don't count; nor
 * does a file that was only loaded.
 * @param {Script[]} scripts
 * @param {string} base a URL that ends with a slash
 * @param {(url: string) => string} textOf
 * @returns {string[]}
 */
export function enteredFiles(scripts, base, textOf) {
  const isCode = (url, { ranges }) => {
    const [{ startOffset, endOffset, count }] = ranges;
    // What begins with the file is the file itself.
    return startOffset > 0 && count > 0 && !exportGetter.test(textOf(url).slice(startOffset, endOffset));
  };
  return scripts
    .filter(({ url }) => url.startsWith(base) && !url.endsWith('/index.js'))
    .filter(({ url, functions }) => functions.some((one) => isCode(url, one)))
    .map(({ url }) => url.slice(base.length).replace(/\.js$/, '.ts'));
}

/**
 * What every one of several equal requests entered: what a timer or another thread's message ran meanwhile, it did
 * not run each time.
 * @param {string[][]} samples
 * @returns {string[]}
 */
export function enteredEachTime([first = [], ...others]) {
  const sets = others.map((files) => new Set(files));
  return [...new Set(first)].filter((file) => sets.every((files) => files.has(file))).sort();
}

/**
 * Files by the package that they are of.
 * @param {string[]} files
 * @returns {Map<string, string[]>}
 */
export function byPackage(files) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const file of files) {
    const [name] = /^(?:libs\/(?:engine|platform|modules)|libs|apps)\/[^/]+/.exec(file) ?? ['?'];
    packages.set(name, [...(packages.get(name) ?? []), file.slice(name.length + 1)]);
  }
  return packages;
}
