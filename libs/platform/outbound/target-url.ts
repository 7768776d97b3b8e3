import { refusal, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { isIP } from 'node:net';
import { hostLabelLengthMax, hostLengthMax, urlLengthMax } from './limits';

export const invalidUrl = refusal(
  'invalid_url',
  'malformed',
  `A URL to send to is absolute, with https (for test data also http), at most ${urlLengthMax} characters, ` +
    'and without credentials, white space or backslashes.',
);

/** Where a request goes, as one parser read it: nothing reads the URL a second time. */
export interface TargetUrl {
  readonly isTls: boolean;
  /** In ASCII, without a dot at its end; an IPv6 address without brackets. */
  readonly host: string;
  readonly isAddress: boolean;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly path: string;
}

export interface UrlRules {
  /** http is for test data alone. */
  readonly isHttpAllowed: boolean;
  /** What to name in a refusal, a JSON pointer. */
  readonly param?: string;
}

/** Reads a URL as browsers do (WHATWG), so that every spelling of an address is that address. */
export function parseTarget(url: string, { isHttpAllowed, param = '/url' }: UrlRules): TargetUrl | Refusal {
  const no = (why: string): Refusal => refuse(invalidUrl, `The URL ${why}.`, param);
  if (url.length > urlLengthMax)
    return no(`has ${url.length} characters, at most ${urlLengthMax} are allowed`);
  // Parsers differ over these: some drop them, some end the host at them.
  if (/[\s\\]/.test(url) || hasControl(url)) return no('has white space, a control character or a backslash');
  if (!/^https?:\/\/[^/?#]/i.test(url)) return no('must begin with https:// and a host');
  if (/^https?:\/\/[^/?#]*@/i.test(url)) return no('has credentials: send them in a header');
  if (!URL.canParse(url)) return no('is not well-formed');
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const isTls = protocol === 'https:';
  if (!isTls && !isHttpAllowed) return no('must begin with https://: http is for test data');
  if (port === '0') return no('has the port 0');
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isAddress = isIP(bare) !== 0;
  if (!isAddress && !isHostName(bare))
    return no('has a host that is neither a name of the DNS nor an address');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  const origin = `${protocol}//${host}${port === '' ? '' : `:${port}`}`;
  return { isTls, host: bare, isAddress, origin, path: pathname + search };
}

const hasControl = (text: string): boolean =>
  [...text].some((character) => character < ' ' || character === '\u007f');

const isHostName = (host: string): boolean =>
  host.length <= hostLengthMax &&
  host.split('.').every((label) => label.length <= hostLabelLengthMax && /^[a-z0-9_-]+$/.test(label));
