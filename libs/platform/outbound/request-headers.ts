import { refusal, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';

export const invalidRequestHeader = refusal(
  'invalid_request_header',
  'malformed',
  'A header to send along has a name or a value that HTTP does not allow, ' +
    'or is one that says how the request itself is sent.',
);

/** What decides where a request goes, which name the certificate must have, and where the body ends. */
const reserved = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Judges headers that a client wants to be sent; the refusal names the one that is to blame. */
export function headersRefusal(
  headers: Readonly<Record<string, string>>,
  param = '/headers',
): Refusal | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const why = problemOf(name, value);
    if (why === undefined) continue;
    return headerRefusal(name, why, param);
  }
  return undefined;
}

/** @param why what is wrong with it, which goes on a sentence that begins with "The header" */
export function headerRefusal(name: string, why: string, param = '/headers'): Refusal {
  // RFC 6901: how a name with these characters is written in a pointer.
  const pointer = `${param}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return refuse(invalidRequestHeader, `The header ${why}.`, pointer);
}

function problemOf(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return 'has a name that HTTP does not allow';
  if (reserved.has(name.toLowerCase())) return `${name} says how the request is sent, and can't be given`;
  if (!/^[\t -~]*$/.test(value)) return `${name} has a value with other than visible ASCII characters`;
  return undefined;
}
