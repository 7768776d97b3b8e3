import { exportBlockCharacters } from './limits';

/** Joins small pieces of text, so that not every line is a write of its own. */
export async function* inBlocks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length < exportBlockCharacters) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
