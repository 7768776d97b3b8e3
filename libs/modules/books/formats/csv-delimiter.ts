import { requiredColumns } from './csv-columns';
import type { ColumnNames } from './csv-columns';

const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/** A header that is longer than this is no header of columns. */
const headerCharactersMax = 65_536;

/** What delimits the fields of a text, told from its first line, and the text as a whole. */
export async function withDelimiter(
  chunks: AsyncIterable<string>,
  names: ColumnNames | undefined,
): Promise<{ readonly delimiter: Delimiter; readonly text: AsyncIterable<string> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let begin = '';
  while (begin.length < headerCharactersMax && endOfHeader(begin) < 0) {
    const next = await iterator.next();
    if (next.done === true) break;
    begin += next.value;
  }
  const text = (async function* () {
    try {
      if (begin !== '') yield begin;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  })();
  const end = endOfHeader(begin);
  return { delimiter: delimiterOf(end < 0 ? begin : begin.slice(0, end), names), text };
}

/** Where the first line that is not blank ends, -1: not yet; a line break in quotes is none. */
function endOfHeader(text: string): number {
  let isQuoted = false;
  let isBlank = true;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? '';
    if (character === '"') isQuoted = !isQuoted;
    const isBreak = (character === '\n' || character === '\r') && !isQuoted;
    if (isBreak && !isBlank) return i;
    if (!isBreak) isBlank = false;
  }
  return -1;
}

/** The one with which the header has the columns that are needed, else the one that stands most often in it. */
function delimiterOf(header: string, names: ColumnNames | undefined): Delimiter {
  const wanted = names === undefined ? requiredColumns : [...names.values()];
  const ranked = delimiters.map((delimiter) => {
    const titles = new Set(fieldsOf(header, delimiter));
    return { delimiter, isFit: wanted.every((name) => titles.has(name)), fields: titles.size };
  });
  const most = Math.max(...ranked.map(({ fields }) => fields));
  return (
    (ranked.find(({ isFit }) => isFit) ?? ranked.find(({ fields }) => fields === most))?.delimiter ?? ','
  );
}

function fieldsOf(header: string, delimiter: Delimiter): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (const character of header.trim()) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  return [...fields, field.trim()];
}
