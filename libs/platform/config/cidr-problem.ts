import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/**
 * What is wrong with a range of addresses in CIDR notation; undefined when nothing is. Of link-local addresses single
 * ones alone are taken: the metadata of clouds are there, and are only ever meant by name.
 */
export function cidrProblem(range: string): string | undefined {
  const [address = '', bits, ...more] = range.split('/');
  if (isIP(address) === 0 || address.includes('%') || more.length > 0)
    return `"${range}" in it is not a range of addresses`;
  const width = isIP(address) === 4 ? 32 : 128;
  if (bits === undefined || !/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width)
    return `"${range}" in it does not end with a number of bits from /0 to /${width}`;
  const network = (width === 32 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(range).toString();
  if (network !== ipaddr.parse(address).toString())
    return `"${range}" in it begins in the middle of a range, which is ${network}/${bits}`;
  if (ipaddr.parse(address).range() === 'linkLocal' && Number(bits) < width)
    return `"${range}" in it is link-local: name single addresses, as /${width}`;
  return undefined;
}
