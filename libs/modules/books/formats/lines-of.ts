import { recordCharactersMax } from './limits';
import { ImportRefused, problem } from './problem';
import { malformedLine } from './file-refusals';

export interface TextLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The lines of a text that are not blank. @throws ImportRefused `malformed_line`: one is too long */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<TextLine> {
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      line += 1;
      if (part.trim() !== '') yield { line, text: part };
    }
    if (rest.length > recordCharactersMax) {
      throw new ImportRefused(
        problem(malformedLine, `a line has more than ${recordCharactersMax} characters`, {
          line: line + 1,
        }),
      );
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest };
}
