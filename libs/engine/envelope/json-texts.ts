/*
 * The texts of a JSON value's parts, as they stand there: JSON.parse forgets how a value was spelled, and it is the spelling that is hashed. White
 * space around a value is a part of its text.
 * The text must be JSON (it was parsed before), so that only strings and brackets have to be told apart.
 */

/** By name, the text of each member of an object; undefined when a name comes twice. */
export function memberTexts(object: string): ReadonlyMap<string, string> | undefined {
  const members = new Map<string, string>();
  const texts = partsOf(object);
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const name = JSON.parse(texts[at] as string) as string;
    if (members.has(name)) return undefined;
    members.set(name, texts[at + 1] as string);
  }
  return members;
}

/** The text of each item of an array. */
export function itemTexts(array: string): readonly string[] {
  return partsOf(array);
}

const stringOrMark = /"(?:[^"\\]|\\.)*"|[[\]{},:]/gu;

/** What stands between the outermost brackets, cut at commas and colons that are in no inner ones. */
function partsOf(container: string): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  const cut = (end: number): void => {
    const text = container.slice(start, end);
    // Only what is empty has nothing between its brackets.
    if (text.trim() !== '') texts.push(text);
    start = end + 1;
  };
  for (const { 0: mark, index } of container.matchAll(stringOrMark)) {
    if (mark === '{' || mark === '[') {
      depth += 1;
      if (depth === 1) start = index + 1;
    } else if (mark === '}' || mark === ']') {
      if (depth === 1) cut(index);
      depth -= 1;
    } else if (depth === 1 && (mark === ',' || mark === ':')) cut(index);
  }
  return texts;
}
