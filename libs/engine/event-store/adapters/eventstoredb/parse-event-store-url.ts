import { trimEndOf } from '@fintech-ledger/contract';
import { EventStoreUrlInvalid, nodePreferences } from './event-store-url';
import type { Endpoint, EventStoreUrl } from './event-store-url';
import { nearestOf } from './nearest-of';

const schemes = ['esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'] as const;
const defaultPort = 2113;

/** How the options of the string are written; upper and lower case, `_` and `-` do not matter. */
const optionNames = [
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
  'connectionName',
  'nodePreference',
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'defaultDeadline',
  'throwOnAppendFailure',
] as const;
type OptionName = (typeof optionNames)[number];

/**
 * Reads a connection string such as `esdb://user:password@host:2113?tls=true&tlsCAFile=ca.pem`, of several nodes
 * (`esdb://a:2113,b:2113,c:2113`) or of a cluster that is discovered (`esdb+discover://cluster.example`); `kurrentdb` says the
 * same as `esdb`. TLS is on unless `tls=false`.
 * @throws EventStoreUrlInvalid one sentence about the first thing that is wrong
 */
export function parseEventStoreUrl(text: string): EventStoreUrl {
  const [, scheme = '', rest = ''] = /^([^:/?@]*):\/\/(.*)$/s.exec(text.trim()) ?? refuse(noScheme(text));
  if (!isOneOf(scheme, schemes)) refuse(wrongScheme(scheme));
  const [authority = '', query = ''] = splitOnce(rest, '?');
  const at = authority.lastIndexOf('@');
  // A raw ? in a password would make the rest of it an option, and its beginning a port that the message shows.
  if (at === -1 && query.includes('@')) refuse(badCredentials);
  const credentials = at === -1 ? undefined : credentialsOf(authority.slice(0, at));
  const endpoints = trimEndOf(authority.slice(at + 1), '/')
    .split(',')
    .map(endpointOf);
  const isDiscovered = scheme.endsWith('+discover');
  if (isDiscovered && endpoints.length > 1) {
    refuse(`${scheme}:// takes one host that knows the cluster: use esdb:// for a list of nodes`);
  }
  const options = optionsOf(query);
  const isTls = flag(options, 'tls', true);
  for (const name of ['tlsVerifyCert', 'throwOnAppendFailure'] as const) {
    if (!flag(options, name, true)) {
      refuse(
        `${name}=false is not supported${name === 'tlsVerifyCert' ? ': name the CA with tlsCAFile' : ''}`,
      );
    }
  }
  if (options.has('userCertFile') !== options.has('userKeyFile')) {
    refuse('userCertFile and userKeyFile only work together');
  }
  for (const name of ['tlsCAFile', 'userCertFile', 'userKeyFile'] as const) {
    if (!isTls && options.has(name)) refuse(`${name} has no effect with tls=false: remove one of them`);
  }
  // Taken for the sake of existing strings; every call of ours has a time limit of its own.
  whole(options, 'defaultDeadline', 10_000, 1);
  return {
    endpoints,
    isDiscovered,
    isTls,
    ...(credentials && { credentials }),
    ...textOption(options, 'tlsCAFile', 'tlsCaFile'),
    ...textOption(options, 'userCertFile', 'userCertFile'),
    ...textOption(options, 'userKeyFile', 'userKeyFile'),
    ...textOption(options, 'connectionName', 'connectionName'),
    nodePreference: preference(options),
    maxDiscoverAttempts: whole(options, 'maxDiscoverAttempts', 10, 1),
    discoveryIntervalMs: whole(options, 'discoveryInterval', 100, 1),
    gossipTimeoutSeconds: whole(options, 'gossipTimeout', 2, 1),
    keepAliveIntervalMs: whole(options, 'keepAliveInterval', 10_000, -1),
    keepAliveTimeoutMs: whole(options, 'keepAliveTimeout', 10_000, -1),
  };
}

const badCredentials =
  'before the @ there must be user:password, each percent-encoded where it holds : / ? @ or %';

function refuse(problem: string): never {
  throw new EventStoreUrlInvalid(problem);
}

function noScheme(text: string): string {
  const start = /^[a-z+]{1,20}(?=[:/])/i.exec(text.trim())?.[0];
  return `it must begin with esdb:// or esdb+discover://${start ? `, it begins with "${start}"` : ''}`;
}

function wrongScheme(scheme: string): string {
  const nearest = nearestOf(scheme, schemes);
  const hint = nearest ? `: did you mean ${nearest}://` : ': it must be esdb:// or esdb+discover://';
  return `"${scheme}://" is no scheme of EventStoreDB${hint}`;
}

function credentialsOf(text: string): { username: string; password: string } {
  const [username = '', password = ''] = splitOnce(text, ':');
  if (username === '' || password === '') refuse(badCredentials);
  return { username: decoded(username, 'the user'), password: decoded(password, 'the password') };
}

function endpointOf(text: string): Endpoint {
  const [, address = '', port] = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::(.*))?$/is.exec(text.trim()) ?? [];
  if (address === '') refuse(text === '' ? 'a host is missing' : `"${text}" is no host:port`);
  if (/[^\w.[\]:-]/.test(address)) refuse(`"${address}" is no host name`);
  const number = port === undefined ? defaultPort : /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) refuse(`the port of ${address} must be 1 to 65535, it is "${port}"`);
  return { address, port: number };
}

function optionsOf(query: string): ReadonlyMap<OptionName, string> {
  const options = new Map<OptionName, string>();
  if (query === '') return options;
  for (const pair of query.split('&')) {
    const [key = '', value = ''] = splitOnce(pair, '=');
    const name = optionNames.find((known) => flat(known) === flat(key));
    if (name === undefined) {
      const nearest = nearestOf(key, optionNames);
      refuse(`the option "${key}" is unknown${nearest ? `: did you mean ${nearest}` : ''}`);
    }
    if (value === '') refuse(`the option ${name} has no value`);
    if (options.has(name)) refuse(`the option ${name} is given twice`);
    options.set(name, decoded(value, name));
  }
  return options;
}

const flat = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

function flag(options: ReadonlyMap<OptionName, string>, name: OptionName, byDefault: boolean): boolean {
  const value = options.get(name)?.toLowerCase();
  if (value !== undefined && value !== 'true' && value !== 'false') {
    refuse(`${name} must be true or false, it is "${value}"`);
  }
  return value === undefined ? byDefault : value === 'true';
}

function whole(
  options: ReadonlyMap<OptionName, string>,
  name: OptionName,
  byDefault: number,
  low: number,
): number {
  const value = options.get(name);
  if (value === undefined) return byDefault;
  if (!/^-?\d{1,9}$/.test(value) || Number(value) < low) {
    refuse(`${name} must be a whole number from ${low}, it is "${value}"`);
  }
  return Number(value);
}

function preference(options: ReadonlyMap<OptionName, string>): EventStoreUrl['nodePreference'] {
  const value = options.get('nodePreference') ?? 'leader';
  const found = nodePreferences.find((known) => flat(known) === flat(value));
  return found ?? refuse(`nodePreference must be one of ${nodePreferences.join(', ')}, it is "${value}"`);
}

function textOption<K extends string>(
  options: ReadonlyMap<OptionName, string>,
  name: OptionName,
  key: K,
): { [key in K]?: string } {
  const value = options.get(name);
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: string });
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(`${what} has a % that is not followed by two hexadecimal digits (a % itself is %25)`);
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isOneOf<T extends string>(text: string, allowed: readonly T[]): text is T {
  return (allowed as readonly string[]).includes(text);
}
