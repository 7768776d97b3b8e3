// What a new OpenAPI document breaks for clients of the old one.
import { schemaBreaks } from './schemas.mjs';

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head'];

/**
 * What it concerns (an operation, an event type), and what breaks.
 * @typedef {{ subject: string, text: string }} Break
 */

/**
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 * @returns {Break[]}
 */
export function openApiBreaks(before, after) {
  const resolve = { before: (ref) => pointed(before, ref), after: (ref) => pointed(after, ref) };
  const breaks = [];
  for (const [path, old] of Object.entries(before.paths ?? {}))
    for (const method of methods) {
      if (old[method] === undefined) continue;
      const subject = `${method.toUpperCase()} ${path}`;
      const now = after.paths?.[path]?.[method];
      const texts =
        now === undefined ? ['the operation is gone'] : operationBreaks(old[method], now, resolve);
      breaks.push(...[...new Set(texts)].map((text) => ({ subject, text })));
    }
  return breaks;
}

function operationBreaks(old, now, resolve) {
  return [
    ...parameterBreaks(old, now, resolve),
    ...bodyBreaks(old, now, resolve),
    ...answerBreaks(old, now, resolve),
  ];
}

function parameterBreaks(old, now, resolve) {
  const known = (operation, find) =>
    new Map(
      (operation.parameters ?? []).map((given) => {
        const parameter = given.$ref === undefined ? given : find(given.$ref);
        return [`${parameter.in} parameter ${parameter.name}`, parameter];
      }),
    );
  const [was, is] = [known(old, resolve.before), known(now, resolve.after)];
  const gone = [...was.keys()].filter((key) => !is.has(key)).map((key) => `${key} is gone`);
  const demanded = [...is]
    .filter(([key, { required }]) => required === true && was.get(key)?.required !== true)
    .map(([key]) => `${key} is required now`);
  const narrowed = [...was].flatMap(([key, { schema }]) =>
    is.has(key)
      ? schemaBreaks(schema, is.get(key).schema, 'sent', resolve).map((text) => `${key}: ${text}`)
      : [],
  );
  return [...gone, ...demanded, ...narrowed];
}

function bodyBreaks(old, now, resolve) {
  const [was, is] = [resolved(old.requestBody, resolve.before), resolved(now.requestBody, resolve.after)];
  const demanded = is?.required === true && was?.required !== true ? ['a body is required now'] : [];
  const narrowed = Object.entries(was?.content ?? {}).flatMap(([type, { schema }]) => {
    const media = is?.content?.[type];
    if (media === undefined) return [`a body of ${type} is no longer taken`];
    return schemaBreaks(schema, media.schema, 'sent', resolve).map((text) => `body: ${text}`);
  });
  return [...demanded, ...narrowed];
}

/** Of successes only: a problem's codes may grow and go, its shape is one for all. */
function answerBreaks(old, now, resolve) {
  return Object.entries(old.responses ?? {})
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, given]) => {
      if (now.responses?.[status] === undefined) return [`it no longer answers ${status}`];
      const was = resolved(given, resolve.before);
      const is = resolved(now.responses[status], resolve.after);
      return Object.entries(was?.content ?? {}).flatMap(([type, { schema }]) => {
        const media = is?.content?.[type];
        if (media === undefined) return [`${status} is no longer answered as ${type}`];
        return schemaBreaks(schema, media.schema, 'read', resolve).map((text) => `answer ${status}: ${text}`);
      });
    });
}

const resolved = (value, find) => (value?.$ref === undefined ? value : find(value.$ref));

/** @param {Record<string, any>} document */
function pointed(document, ref) {
  let place = document;
  for (const part of ref.replace(/^#\//, '').split('/'))
    place = place?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return place;
}
