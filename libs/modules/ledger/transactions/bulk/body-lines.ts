import { splitLines } from '@fintech-ledger/contract';
import { ndjsonLineBytesMax } from '@fintech-ledger/http';

/** A line of a body, without its end. */
export interface BodyLine {
  /** From 1, counting empty lines too. */
  readonly number: number;
  /** Undefined when it is longer than allowed. */
  readonly bytes: Buffer | undefined;
  readonly size: number;
}

const carriageReturn = 0x0d;

/** The lines of a body that are not empty. */
export async function* bodyLines(
  body: AsyncIterable<Uint8Array>,
  lineBytesMax = ndjsonLineBytesMax,
): AsyncGenerator<BodyLine> {
  for await (const { number, content } of splitLines(body, lineBytesMax)) {
    const bytes = content && withoutReturn(content);
    if (bytes?.length !== 0) yield { number, bytes, size: bytes?.length ?? 0 };
  }
}

function withoutReturn({ buffer, byteOffset, length }: Uint8Array): Buffer {
  const bytes = Buffer.from(buffer, byteOffset, length);
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
