// What a change of a JSON Schema breaks for those who send what it describes, and for those who read it.

/** @typedef {Record<string, any>} Schema */
/**
 * Who holds the value: what clients send may not be narrowed, what they read may not be widened or lose fields.
 * @typedef {'sent' | 'read'} Side
 */

const narrowing = {
  maxLength: Math.min,
  maxItems: Math.min,
  maximum: Math.min,
  maxProperties: Math.min,
  minLength: Math.max,
  minItems: Math.max,
  minimum: Math.max,
  minProperties: Math.max,
};
const depthMax = 24;

/**
 * @param {Schema | undefined} before
 * @param {Schema | undefined} after
 * @param {Side} side
 * @param {{ before: (ref: string) => Schema, after: (ref: string) => Schema }} resolve what a `$ref` names, in each
 *   document
 * @param {string} [place] a path into the value
 * @returns {string[]} sentences
 */
export function schemaBreaks(before, after, side, resolve, place = '', depth = 0) {
  if (depth > depthMax) return [];
  const old = followed(before, resolve.before);
  const now = followed(after, resolve.after);
  if (old === undefined) return [];
  if (now === undefined) return [`${name(place)} is no longer described`];
  const deeper = (a, b, at) => schemaBreaks(a, b, side, resolve, at, depth + 1);
  if (side === 'read' && hasVariantOf(old, now, (variant) => deeper(old, variant, place))) return [];
  return [
    ...typeBreaks(old, now, side, place),
    ...enumBreaks(old, now, side, place),
    ...(side === 'sent' ? boundBreaks(old, now, place) : []),
    ...propertyBreaks(old, now, side, place, deeper),
    ...(old.items !== undefined ? deeper(old.items, now.items, `${place}[]`) : []),
    ...variantBreaks(old, now, place, deeper),
  ];
}

/** Answers may gain variants, as they may gain values: a client must expect a kind that it does not know. */
function hasVariantOf(old, now, breaksOf) {
  const isWider = old.type === 'object' && now.type === undefined && Array.isArray(now.anyOf);
  return isWider && now.anyOf.some((variant) => breaksOf(variant).length === 0);
}

/** @returns {Schema | undefined} */
function followed(schema, find) {
  let found = schema;
  for (let hops = 0; found?.$ref !== undefined && hops < depthMax; hops += 1) found = find(found.$ref);
  return found;
}

/** A schema that lists its values has their types, named or not. */
function typesOf({ type, const: only, enum: values }) {
  if (type !== undefined) return [type].flat();
  const listed = only !== undefined ? [only] : values;
  return listed?.every((value) => typeof value === 'string') === true ? ['string'] : undefined;
}

function typeBreaks(old, now, side, place) {
  const [was, is] = [typesOf(old), typesOf(now)];
  if (was === undefined && is === undefined) return [];
  // No type: anything.
  const lost = is === undefined ? [] : (was ?? ['anything']).filter((type) => !is.includes(type));
  const gained = was === undefined ? [] : (is ?? ['anything']).filter((type) => !was.includes(type));
  const wrong = side === 'sent' ? lost : gained;
  return wrong.length === 0 ? [] : [`${name(place)} was ${was ?? 'anything'}, is ${is ?? 'anything'}`];
}

function enumBreaks(old, now, side, place) {
  const valuesOf = (schema) => (schema.const !== undefined ? [schema.const] : schema.enum);
  const [was, is] = [valuesOf(old), valuesOf(now)];
  // Answers may gain values: a client must expect codes and states that it does not know.
  if (side === 'read') return [];
  if (is === undefined) return [];
  const lost = was === undefined ? ['other values'] : was.filter((value) => !is.includes(value));
  return lost.length === 0 ? [] : [`${name(place)} no longer takes ${lost.join(', ')}`];
}

function boundBreaks(old, now, place) {
  const breaks = [];
  for (const [bound, stricter] of Object.entries(narrowing)) {
    const [was, is] = [old[bound], now[bound]];
    if (is === undefined || (was === undefined && (is === 0 || bound === 'minLength'))) continue;
    if (was === undefined || (was !== is && stricter(was, is) === is))
      breaks.push(`${name(place)}: ${bound} was ${was ?? 'none'}, is ${is}`);
  }
  if (now.pattern !== undefined && old.pattern !== now.pattern)
    breaks.push(`${name(place)}: pattern was ${old.pattern ?? 'none'}, is ${now.pattern}`);
  return breaks;
}

function propertyBreaks(old, now, side, place, deeper) {
  const breaks = [];
  const [was, is] = [old.properties ?? {}, now.properties ?? {}];
  const [needed, needs] = [old.required ?? [], now.required ?? []];
  for (const [key, schema] of Object.entries(was)) {
    const at = place === '' ? key : `${place}.${key}`;
    if (is[key] === undefined) breaks.push(`${at} is gone`);
    else breaks.push(...deeper(schema, is[key], at));
  }
  const changed =
    side === 'sent'
      ? needs
          .filter((key) => !needed.includes(key))
          .map((key) => `${place}${place && '.'}${key} is required now`)
      : needed
          .filter((key) => !needs.includes(key) && is[key] !== undefined)
          .map((key) => `${place}${place && '.'}${key} may be absent now`);
  return [...breaks, ...changed];
}

/** Variants are compared by their names, others by their order; one that is gone is a break on both sides. */
function variantBreaks(old, now, place, deeper) {
  return ['oneOf', 'anyOf', 'allOf'].flatMap((keyword) => {
    if (old[keyword] === undefined) return [];
    if (now[keyword] === undefined) return [`${name(place)} has no ${keyword} any more`];
    return old[keyword].flatMap((variant, index) => {
      const same =
        variant.$ref === undefined
          ? now[keyword][index]
          : now[keyword].find(({ $ref }) => $ref === variant.$ref);
      return same === undefined
        ? [`${name(place)} has lost a variant of ${keyword}`]
        : deeper(variant, same, place);
    });
  });
}

const name = (place) => (place === '' ? 'the whole' : place);
