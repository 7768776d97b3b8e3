import { duplicateName } from '@fintech-ledger/envelope';
import { isUtf8 } from 'node:buffer';
import { depthCheckBytes, jsonDepthMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import { hasBrokenString } from './broken-string';
import { jsonDepth } from './json-depth';

const unicodeEscape = Buffer.from('\\u');

/**
 * The value of a JSON body; undefined for an empty one.
 * @throws ApiProblem `invalid_utf8`, `malformed_json`, `json_too_deep`, `duplicate_member`, `invalid_string`
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new ApiProblem('invalid_utf8', 'The body is not UTF-8.');
  if (bytes.length > depthCheckBytes) checkDepth(bytes);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiProblem('malformed_json', 'The body is not JSON.');
  }
  const duplicate = duplicateName(text, value);
  if (duplicate !== undefined) {
    const detail = `The member '${duplicate.name.slice(0, 100)}' appears twice.`;
    throw new ApiProblem('duplicate_member', detail, { param: duplicate.pointer.slice(0, 1_000) });
  }
  // JSON texts in UTF-8 hold U+0000 and lone surrogates only as escapes, so most bodies need no walk.
  if (bytes.includes(unicodeEscape)) {
    checkDepth(bytes);
    if (hasBrokenString(value)) {
      throw new ApiProblem('invalid_string', 'A text holds U+0000 or half of a surrogate pair.');
    }
  }
  return value;
}

function checkDepth(bytes: Buffer): void {
  if (jsonDepth(bytes) > jsonDepthMax) {
    throw new ApiProblem('json_too_deep', `The JSON is nested more than ${jsonDepthMax} levels deep.`);
  }
}
