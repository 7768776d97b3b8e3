import { BoundedMap } from '@fintech-ledger/contract';
import { Resolver } from 'node:dns/promises';
import { namesRememberedMax } from './limits';

/**
 * The addresses of a name; none when it has none.
 * @throws anything: the name could not be looked up
 */
export type ResolveName = (host: string) => Promise<readonly string[]>;

const noAddress = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks the DNS, both families at once. Not getaddrinfo: its four threads are shared with files and hashes, and a name
 * server that does not answer would occupy them. So the hosts file is not read.
 */
export function dnsResolver(resolver = new Resolver({ timeout: 2_000, tries: 2 })): ResolveName {
  return async (host) => {
    // RFC 6761: never asked of the DNS.
    if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failed = answers.find(
      (answer): answer is PromiseRejectedResult =>
        answer.status === 'rejected' && !noAddress.has((answer.reason as NodeJS.ErrnoException).code ?? ''),
    );
    if (addresses.length === 0 && failed !== undefined) throw failed.reason;
    return addresses;
  };
}

/** How long an answer is taken again: an endpoint may get a thousand deliveries in a second. */
const rememberedMs = 10_000;

/** Asks once for those who ask together, and for what was answered lately. Each of them judges what it gets. */
export function rememberNames(
  resolve: ResolveName,
  now: () => number = () => performance.now(),
): ResolveName {
  const known = new BoundedMap<
    string,
    { readonly until: number; readonly answer: Promise<readonly string[]> }
  >(namesRememberedMax);
  return (host) => {
    const found = known.get(host);
    if (found !== undefined && now() < found.until) return found.answer;
    const entry = { until: now() + rememberedMs, answer: resolve(host) };
    known.set(host, entry);
    const forget = (): void => {
      if (known.get(host) === entry) known.delete(host);
    };
    entry.answer.then((addresses) => addresses.length === 0 && forget(), forget);
    return entry.answer;
  };
}
