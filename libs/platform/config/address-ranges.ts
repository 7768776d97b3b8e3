import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** IPv4-compatible addresses (`::203.0.113.7`) are deprecated, and ipaddr.js takes them for IPv4-mapped. */
const versionOf = (address: string): number => (/^::\d+\./.test(address) ? 0 : isIP(address));

/** The longest text of a range: eight groups, the last two as of IPv4, and a length. */
export const addressRangeLengthMax = 49;

/**
 * An address, or a range in CIDR notation, in the one way in which it is kept: the address with which the range begins,
 * IPv6 by RFC 5952, IPv4 where IPv6 stands for it, one address without its length. Undefined: it is none of these.
 */
export function canonicalRange(range: string): string | undefined {
  if (range.length > addressRangeLengthMax) return undefined;
  const [address = '', bits, ...more] = range.split('/');
  const version = versionOf(address);
  if (version === 0 || address.includes('%') || more.length > 0) return undefined;
  const width = version === 4 ? 32 : 128;
  if (bits !== undefined && (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width)) return undefined;
  return canonical(ipaddr.parse(address), bits === undefined ? width : Number(bits));
}

/** What IPv6 has no place for beside IPv4-mapped addresses begins before the bits that say so. */
const mappedBits = 96;

function canonical(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string | undefined {
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress())
    return bits < mappedBits ? undefined : canonical(address.toIPv4Address(), bits - mappedBits);
  const isOne = bits === address.toByteArray().length * 8;
  if (isOne) return address.toString();
  const of = address instanceof ipaddr.IPv4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${of.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
}

/** Addresses, and ranges of them. */
export class AddressRanges {
  private readonly ranges: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];
  /** A key is used from few places: what was asked last is asked again. */
  private last: readonly [address: string, isIncluded: boolean] | undefined;

  /** @param ranges as `canonicalRange` gives them */
  constructor(ranges: readonly string[]) {
    this.ranges = ranges.map((range) => {
      if (range.includes('/')) return ipaddr.parseCIDR(range);
      const address = ipaddr.parse(range);
      return [address, address.toByteArray().length * 8];
    });
  }

  /** @param address as a socket says it: IPv4 in IPv6 where it listens to both, and with a zone where it has one */
  includes(address: string): boolean {
    if (this.last === undefined || this.last[0] !== address) this.last = [address, this.holds(address)];
    return this.last[1];
  }

  private holds(text: string): boolean {
    // The connection may be gone: then nothing says where it came from.
    if (versionOf(text) === 0) return false;
    const [plain = ''] = text.split('%', 1);
    const address = ipaddr.process(plain);
    return this.ranges.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  }
}
