// Words that are avoided in comments, messages and docs, and what to write instead. Plain English, with the words of the field.

/** @type {readonly (readonly [RegExp, string])[]} */
export const avoided = [
  [/\b(is|are|was|were|be|been|stays?) away\b(?! from)/i, 'unavailable'],
  [/\b(goes|go|went|gone) away\b/i, 'disconnects, disconnected'],
  [/\bturn(s|ed|ing)?( it| them| \w+s)? away\b/i, 'refuse'],
  [/\b(left|leaves?|leaving)( it| them| such)? away\b/i, 'skip, leave out'],
  [/\btaken away\b|\b(take|takes|taking|took) (it|them|an? \w+|the \w+) away\b/i, 'remove'],
  [/\bby itself\b/i, 'automatically, on its own, alone'],
  [/\banew\b/i, 'again, re-…'],
  [/\bstands? still\b/i, 'is halted, stops'],
  [/\b(is|stands|stand) there twice\b/i, 'appears twice'],
  [/\b(hand|hands|handed|handing) out\b/i, 'return, deliver, issue'],
  [/\bin vain\b/i, 'without success'],
  [/\bWhoever\b/, 'anyone who'],
  [/\bbesides(?=[.,;]| \*\/)/i, 'in addition'],
  [/\b(befall|befalls|whence|thereof|wherein|hither|thrice)\b/i, 'a plain word'],
];

/** Names that say nothing: no class or file is called so. */
export const emptyName = /^(?:[A-Z]\w*)?(?:Manager|Helper|Helpers|Util|Utils|Common|Base)$/;

/**
 * Each avoided word with its line and what to write instead.
 * @param {string} text
 */
export function avoidedWords(text) {
  const found = [];
  for (const [index, line] of text.split('\n').entries())
    for (const [pattern, instead] of avoided) {
      const match = pattern.exec(line);
      if (match) found.push({ line: index + 1, word: match[0], instead });
    }
  return found;
}

/**
 * Declared names (classes, interfaces, types) that say nothing, and events that are not named in the past tense.
 * @param {string} text
 */
export function emptyNames(text) {
  const declared = [...text.matchAll(/\b(?:class|interface|type) ([A-Z]\w*)/g)].map(([, name]) =>
    String(name),
  );
  return declared.filter((name) => emptyName.test(name));
}
