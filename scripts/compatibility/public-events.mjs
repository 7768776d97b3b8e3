// Public events are told for ever, and made again whenever they are read: what a type has may grow, and nothing else.
import { schemaBreaks } from './schemas.mjs';

/**
 * @param {ReadonlyMap<string, string>} before the texts of the old schema files by `<module>/<type>`
 * @param {ReadonlyMap<string, string>} after
 * @returns {import('./open-api.mjs').Break[]}
 */
export function publicEventBreaks(before, after) {
  return [...before].flatMap(([subject, text]) => {
    const now = after.get(subject);
    if (now === undefined) return [{ subject, text: 'the public event is gone' }];
    const [old, changed] = [JSON.parse(text), JSON.parse(now)];
    const resolve = { before: (ref) => pointed(old, ref), after: (ref) => pointed(changed, ref) };
    return schemaBreaks(old, changed, 'read', resolve).map((each) => ({ subject, text: each }));
  });
}

/**
 * @param {readonly string[]} files
 * @param {(file: string) => string} readFile
 * @returns {Map<string, string>}
 */
export function publicEventFiles(files, readFile) {
  return new Map(
    files.flatMap((file) => {
      const match = /([\w-]+)\/public\/([\w.]+)\.json$/.exec(file);
      return match === null
        ? []
        : [/** @type {[string, string]} */ ([`${match[1]}/${match[2]}`, readFile(file)])];
    }),
  );
}

function pointed(document, ref) {
  return document.$defs?.[ref.replace('#/$defs/', '')];
}
