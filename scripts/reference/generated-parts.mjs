/**
 * Puts generated text into a document, between `<!-- generated: name -->` and `<!-- end -->`.
 * @param {string} document
 * @param {Readonly<Record<string, string>>} parts by name
 * @throws Error when the document has no place for a part, or a place without a part
 */
export function withGenerated(document, parts) {
  const placed = new Set();
  const text = document.replace(
    /(<!-- generated: ([\w: -]+?) -->\n)[^]*?(<!-- end -->)/g,
    (_whole, start, name, end) => {
      if (parts[name] === undefined) throw new Error(`nothing is generated for the part "${name}"`);
      placed.add(name);
      return `${start}\n${parts[name].trim()}\n\n${end}`;
    },
  );
  const missing = Object.keys(parts).filter((name) => !placed.has(name));
  if (missing.length > 0) throw new Error(`the document has no place for ${missing.join(', ')}`);
  return text;
}
