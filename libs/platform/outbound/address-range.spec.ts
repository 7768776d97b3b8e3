import { AllowedRanges } from './allowed-ranges';
import { isLinkLocal, parseAddress, rangeOf } from './address-range';
import type { Address } from './address-range';

const of = (text: string): Address => {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
};

/** At least one address of each range that is not public, its first and last ones where it is easily cut wrong. */
const forbidden: readonly (readonly [address: string, range: string])[] = [
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.0', 'private'],
  ['10.255.255.255', 'private'],
  ['100.64.0.1', 'shared (RFC 6598)'],
  ['100.127.255.255', 'shared (RFC 6598)'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'cloud metadata'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.8', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.31.196.1', 'as112'],
  ['192.52.193.1', 'amt'],
  ['192.88.99.1', 'reserved'],
  ['192.168.0.1', 'private'],
  ['192.168.255.255', 'private'],
  ['192.175.48.1', 'as112'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['198.51.100.7', 'reserved'],
  ['203.0.113.9', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::7f00:1', 'IPv4-compatible'],
  ['::808:808', 'IPv4-compatible'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:8.8.8.8', 'IPv4-mapped'],
  ['::ffff:0:127.0.0.1', 'IPv4-translated'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b::8.8.8.8', 'NAT64'],
  ['64:ff9b:1::a00:1', 'NAT64'],
  ['100::1', 'discard'],
  ['2001::1', 'Teredo'],
  ['2001:0:53aa:64c:0:0:80ff:fffe', 'Teredo'],
  ['2001:2::1', 'benchmarking'],
  ['2001:3::1', 'amt'],
  ['2001:4:112::1', 'as112v6'],
  ['2001:10::1', 'deprecatedOrchid'],
  ['2001:20::1', 'orchid2'],
  ['2001:db8::1', 'reserved'],
  ['2002:7f00:1::', '6to4'],
  ['2002:808:808::1', '6to4'],
  ['3fff::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['5f00::1', 'segmentRouting'],
  ['fc00::1', 'private'],
  ['fd00:ec2::254', 'private'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'private'],
  ['ff02::1', 'multicast'],
  ['ff0e::1', 'multicast'],
];

const open = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '223.255.255.255',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
];

describe('the range of an address', () => {
  it.each(forbidden)('%s is %s', (address, range) => {
    expect(rangeOf(of(address))).toBe(range);
  });

  it.each(open)('%s is public', (address) => {
    expect(rangeOf(of(address))).toBe('public');
  });

  it.each([
    '',
    '1.2.3',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '127.0.0.1.',
    '1.1.1.1/32',
    '[::1]',
  ])('is not told of "%s", which no resolver says', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each([
    '169.254.169.254',
    'fe80::1',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '2001:0:53aa:64c:0:0:5601:5601',
  ])('%s is link-local, or stands for an address that is', (address) => {
    expect(isLinkLocal(of(address))).toBe(true);
  });
});

describe('ranges that the operator opens', () => {
  const everything = new AllowedRanges(['0.0.0.0/0', '::/0']);

  it('are none by default', () => {
    const none = new AllowedRanges([]);
    expect(forbidden.filter(([address]) => none.includes(of(address)))).toEqual([]);
  });

  it('open what they cover, of their own family', () => {
    const allowed = new AllowedRanges(['10.1.0.0/16', 'fd00:1::/32']);
    const opened = ['10.1.0.0', '10.1.255.255', 'fd00:1::1'];
    const shut = ['10.0.255.255', '10.2.0.0', 'fd00:2::1', '::ffff:10.1.0.1', '64:ff9b::10.1.0.1'];
    expect([...opened, ...shut].filter((address) => allowed.includes(of(address)))).toEqual(opened);
  });

  it('open a link-local address only by its own name', () => {
    const shut = forbidden
      .filter(([address]) => !everything.includes(of(address)))
      .map(([address]) => address);
    expect(shut).toEqual(['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1']);
    expect(everything.includes(of('::ffff:169.254.169.254'))).toBe(false);
    const named = new AllowedRanges(['169.254.169.254/32', 'fe80::1/128']);
    expect(named.includes(of('169.254.169.254'))).toBe(true);
    expect(named.includes(of('169.254.169.253'))).toBe(false);
    expect(named.includes(of('fe80::1%eth0'))).toBe(true);
    expect(named.includes(of('fe80::2'))).toBe(false);
  });
});
