import { createHash } from 'node:crypto';
import { splitLines } from '@fintech-ledger/contract';
import { proofBundleInvalid } from './file-refusals';
import { recordCharactersMax } from './limits';
import { ImportRefused, problem } from './problem';
import type { SpooledFile } from './spooled-file';

/** Whether a signature over a value is by a key; undefined: the installation does not know that key. */
export type JudgeSignature = (
  keyId: string,
  signature: string,
  value: object,
) => Promise<boolean | undefined>;

/** As a file may have it. */
interface GivenBundle {
  readonly object?: unknown;
  readonly head?: Readonly<Record<string, unknown>> | null;
  readonly lines_sha256?: unknown;
  readonly key_id?: unknown;
  readonly signature?: unknown;
}
interface GivenHeader {
  readonly object?: unknown;
  readonly ledger?: { readonly id?: unknown };
  readonly revision?: unknown;
}

/**
 * Checks the proof bundles of an NDJSON file: of one export, or of several one after the other. Files without one are
 * from before there were any.
 * @param judge absent: signatures are not judged
 * @throws ImportRefused `proof_bundle_invalid`
 */
export async function checkBundles(file: SpooledFile, judge: JudgeSignature | undefined): Promise<void> {
  const decoder = new TextDecoder();
  let sum = createHash('sha256');
  let header: GivenHeader | undefined;
  let isProven = false;
  for await (const { number: line, content, isWhole } of splitLines(file.read(), 4 * recordCharactersMax)) {
    // Another look at the file says what is wrong with it.
    if (content === undefined) return;
    if (content.length === 0) continue;
    const text = decoder.decode(content);
    const record = markedObject(text);
    if (record === undefined && header !== undefined && isCut(text)) throw invalid('it was cut', line);
    if (record?.object === 'export') {
      [header, isProven, sum] = [record as GivenHeader, false, createHash('sha256')];
    } else if (isProven) throw invalid('a line follows the proof bundle that is not of the export', line);
    if (record?.object === 'proof_bundle') {
      const fault = await faultOf(record, header, sum.digest('hex'), judge);
      if (fault !== undefined) throw invalid(fault, line);
      isProven = true;
      continue;
    }
    sum.update(content);
    if (isWhole) sum.update('\n');
  }
}

const bundleBegins = '{"object":"proof_bundle"';

/** Of a line that is not JSON: whether it is the beginning of a bundle. */
function isCut(text: string): boolean {
  const line = text.trim();
  return line !== '' && (line.startsWith(bundleBegins) || bundleBegins.startsWith(line));
}

/** The line, if it may be a header or a bundle. */
function markedObject(text: string): GivenBundle | undefined {
  if (!text.includes('proof_bundle') && !text.includes('"export"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told when the lines are read.
  }
  return undefined;
}

async function faultOf(
  bundle: GivenBundle,
  header: GivenHeader | undefined,
  lines: string,
  judge: JudgeSignature | undefined,
): Promise<string | undefined> {
  const { signature, ...signed } = bundle;
  const { head, key_id: keyId, lines_sha256: given } = bundle;
  if (given !== lines)
    return `it is of lines with the SHA-256 ${textOf(given)}, those before it have ${lines}: they were edited or cut`;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return 'it has no signature';
  if (head === undefined || (head !== null && typeof head !== 'object')) return 'it has no head';
  if ((await judge?.(keyId, signature, signed)) === false)
    return `its signature is not by the key ${textOf(keyId)} over this content`;
  if (head === null) return undefined;
  if (head['ledger'] !== header?.ledger?.id || head['size'] !== Number(header?.revision) + 1)
    return 'its head is not that of this export';
  const { ledger, root, size, time, key_id: headKey, signature: headSignature } = head;
  if (typeof headKey !== 'string' || typeof headSignature !== 'string') return 'its head has no signature';
  if ((await judge?.(headKey, headSignature, { ledger, root, size, time })) === false)
    return `the signature of its head is not by the key ${textOf(headKey)}`;
  return undefined;
}

const textOf = (value: unknown): string => String(value).slice(0, 100);

const invalid = (detail: string, line: number): ImportRefused =>
  new ImportRefused(problem(proofBundleInvalid, `the proof bundle does not hold: ${detail}`, { line }));
