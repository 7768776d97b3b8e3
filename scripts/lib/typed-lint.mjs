/**
 * Whether rules with types may judge this text otherwise although it has not changed: a switch over a union of another file.
 * @param {string} text
 */
export const mustLintAgain = (text) => /\bswitch \(/.test(text);
