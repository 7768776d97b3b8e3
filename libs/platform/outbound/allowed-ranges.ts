import ipaddr from 'ipaddr.js';
import { isLinkLocal } from './address-range';
import type { Address } from './address-range';

/** What the operator opened of the ranges that are not public. */
export class AllowedRanges {
  private readonly ranges: readonly (readonly [Address, number])[];

  /** @param ranges in CIDR notation, checked by the configuration */
  constructor(ranges: readonly string[]) {
    this.ranges = ranges.map((range) => ipaddr.parseCIDR(range));
  }

  /** A link-local address (metadata of clouds) is opened by its own name alone, not by a range that covers it. */
  includes(address: Address): boolean {
    const isExact = isLinkLocal(address);
    return this.ranges.some(
      ([network, bits]) =>
        network.kind() === address.kind() &&
        address.match(network, bits) &&
        (!isExact || bits === address.toByteArray().length * 8),
    );
  }
}
