import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What to call the ranges of ipaddr.js that have other names than `rangeOf` gives. */
const rangeNames: Readonly<Record<string, string>> = {
  linkLocal: 'link-local',
  carrierGradeNat: 'shared (RFC 6598)',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  ipv4Mapped: 'IPv4-mapped',
  rfc6145: 'IPv4-translated',
  rfc6052: 'NAT64',
  teredo: 'Teredo',
};

/** 2000::/3 is all of IPv6 that IANA gives to networks of the Internet. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
const ipv4Compatible: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('::'), 96];
/** Public by its number, and on every machine of Azure the host that manages it. */
const azureWireServer = '168.63.129.16';

/** @returns undefined when it is not an address; a zone (`fe80::1%eth0`) says nothing about the range */
export function parseAddress(text: string): Address | undefined {
  // What ipaddr.js reads beyond that (octal, short, decimal) never comes from a resolver or from a URL.
  return isIP(text) === 0 ? undefined : ipaddr.parse(text);
}

/** `public`, or the range by IANA's registries of special purposes (RFC 6890). What is not known as public is not. */
export function rangeOf(address: Address): string {
  const range = address.range();
  if (range !== 'unicast') return rangeNames[range] ?? range;
  if (address instanceof ipaddr.IPv4)
    return address.toString() === azureWireServer ? 'cloud metadata' : 'public';
  if (address.match(ipv4Compatible)) return 'IPv4-compatible';
  return address.match(globalUnicast) ? 'public' : 'reserved';
}

/** Also where it stands for an IPv4 address that is. */
export function isLinkLocal(address: Address): boolean {
  return address.range() === 'linkLocal' || embeddedIPv4(address)?.range() === 'linkLocal';
}

/** The IPv4 address that a translator or a tunnel would make of it. */
function embeddedIPv4(address: Address): ipaddr.IPv4 | undefined {
  if (address instanceof ipaddr.IPv4) return undefined;
  const [, second = 0, third = 0, , , , seventh = 0, eighth = 0] = address.parts;
  const of = (high: number, low: number): ipaddr.IPv4 =>
    new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  switch (rangeOf(address)) {
    case 'IPv4-mapped':
    case 'IPv4-translated':
    case 'IPv4-compatible':
    case 'NAT64':
      return of(seventh, eighth);
    case '6to4':
      return of(second, third);
    case 'Teredo':
      return of(seventh ^ 0xffff, eighth ^ 0xffff);
    default:
      return undefined;
  }
}
