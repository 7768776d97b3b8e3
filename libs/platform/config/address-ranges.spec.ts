import { AddressRanges, canonicalRange } from './address-ranges';

describe('an address or a range of them', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7/32', '203.0.113.7'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0::0001', '2001:db8::1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8:ffff::1/32', '2001:db8::/32'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107/120', '203.0.113.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::/0', '::/0'],
  ])('%s is kept as %s', (given, kept) => {
    expect(canonicalRange(given)).toBe(kept);
    expect(canonicalRange(kept)).toBe(kept);
  });

  it.each([
    ...['', ' ', 'localhost', '203.0.113', '203.0.113.256', '203.0.113.07', '0x7f.1', '127.1', '2130706433'],
    ...[
      '203.0.113.7/',
      '203.0.113.7/33',
      '203.0.113.7/08',
      '203.0.113.7/-1',
      '203.0.113.7/8/8',
      '203.0.113.7 ',
    ],
    ...[
      '2001:db8::/129',
      '2001:db8:::1',
      'fe80::1%eth0',
      '::ffff:203.0.113.7/95',
      '[2001:db8::1]',
      '::203.0.113.7',
      '1.2.3.4:80',
    ],
  ])('%j is none', (text) => expect(canonicalRange(text)).toBeUndefined());
});

describe('ranges of addresses', () => {
  const ranges = new AddressRanges(['203.0.113.0/24', '198.51.100.7', '2001:db8::/32', 'fe80::1']);

  it.each([
    ...['203.0.113.0', '203.0.113.255', '198.51.100.7', '2001:db8:ffff::1', 'fe80::1%eth0'],
    ...['::ffff:203.0.113.9', '::ffff:c633:6407'],
  ])('have %s', (address) => {
    for (let asked = 0; asked < 2; asked += 1) expect(ranges.includes(address)).toBe(true);
  });

  it.each(['203.0.114.0', '198.51.100.8', '2001:db9::1', '::1', '::203.0.113.9', '', 'undefined'])(
    'do not have %j',
    (address) => {
      for (let asked = 0; asked < 2; asked += 1) expect(ranges.includes(address)).toBe(false);
    },
  );

  it('of IPv6 have no address of IPv4, however that came', () => {
    const all = new AddressRanges(['::/0']);
    expect(all.includes('::ffff:203.0.113.9')).toBe(false);
    expect(all.includes('2001:db8::1')).toBe(true);
    expect(new AddressRanges(['0.0.0.0/0']).includes('::ffff:203.0.113.9')).toBe(true);
  });
});
