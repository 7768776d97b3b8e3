const newline = 0x0a;
const carriageReturn = 0x0d;

/** One line of a body, without its end; `bytes` is undefined when it is longer than allowed. */
export interface Line {
  /** From 1, counting empty lines too. */
  readonly number: number;
  readonly bytes: Buffer | undefined;
}

/** Splits a body into its lines that are not empty, holding no more than one line and one chunk of it at a time. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, lineBytesMax: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    // What is too long is forgotten as it comes in.
    held = heldBytes > lineBytesMax ? [] : [...held, part];
  };
  const take = (): Line | undefined => {
    const bytes = heldBytes > lineBytesMax ? undefined : trimmed(Buffer.concat(held));
    const line = { number, bytes };
    held = [];
    heldBytes = 0;
    number += 1;
    return bytes?.length === 0 ? undefined : line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line !== undefined) yield line;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }
  const last = heldBytes === 0 ? undefined : take();
  if (last !== undefined) yield last;
}

function trimmed(bytes: Buffer): Buffer {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
