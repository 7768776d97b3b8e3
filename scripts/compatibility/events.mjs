// Events are kept for ever: what a version of an event type is, and its golden examples, never changes once it is out.

/**
 * @param {ReadonlyMap<string, string>} before the texts of the old schema files by `<Type>/<file>`
 * @param {ReadonlyMap<string, string>} after
 * @returns {import('./open-api.mjs').Break[]}
 */
export function eventBreaks(before, after) {
  const breaks = [];
  for (const [file, text] of before) {
    const [type = '', name = ''] = file.split('/');
    const now = after.get(file);
    const subject = `${type} ${name.split('.')[0]}`;
    if (now === undefined) breaks.push({ subject, text: `${file} is gone` });
    else if (said(file, text) !== said(file, now))
      breaks.push({ subject, text: `${file} says something else: a change needs a new version` });
  }
  return breaks;
}

/**
 * The files of events by type and name, wherever their folders are: that of a type may move, from `schemas/events` to
 * its module's.
 * @param {readonly string[]} files
 * @param {(file: string) => string} readFile
 * @returns {Map<string, string>}
 */
export function eventFiles(files, readFile) {
  return new Map(
    files.flatMap((file) => {
      const match = /(?:^|\/)events\/(\w+\/v\d+(?:\.[\w-]+)*\.json)$/.exec(file);
      return match?.[1] === undefined ? [] : [/** @type {[string, string]} */ ([match[1], readFile(file)])];
    }),
  );
}

/** What a file says apart from its wording: descriptions, titles, spaces. Examples are compared as values. */
function said(file, text) {
  const isSchema = /^v\d+\.json$/.test(file.split('/')[1] ?? '');
  const wording = new Set(['description', 'title', '$comment', 'examples']);
  const parsed = JSON.parse(text);
  return JSON.stringify(isSchema ? without(parsed, wording) : parsed, ordered);
}

/** A schema's own wording; a property may be called `title`. */
function without(schema, wording, isNames = false) {
  if (Array.isArray(schema)) return schema.map((item) => without(item, wording));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => isNames || !wording.has(key))
      .map(([key, value]) => [
        key,
        without(value, wording, !isNames && /^(properties|\$defs|patternProperties)$/.test(key)),
      ]),
  );
}

const ordered = (_key, value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
