import { splitLines } from '@fintech-ledger/contract';
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
  for await (const { number: line, content: text } of splitLines(chunks, recordCharactersMax)) {
    if (text === undefined) {
      const detail = `a line has more than ${recordCharactersMax} characters`;
      throw new ImportRefused(problem(malformedLine, detail, { line }));
    }
    if (text.trim() !== '') yield { line, text };
  }
}
