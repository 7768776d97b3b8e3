import fc from 'fast-check';
import { isAddress, isUnitCode } from '@fintech-ledger/ledger/domain';
import { encodeAddress } from './address';
import { unitCode } from './unit-codes';

const segment = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[_xX5f0-9é]{0,10}$/));
const name = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join(':'));

describe('encodeAddress', () => {
  it('leaves what is an address as it is', () => {
    expect(encodeAddress('Assets:US:BofA-1:Checking_2')).toBe('Assets:US:BofA-1:Checking_2');
  });

  it.each([
    ['expenses:food & drink', 'expenses:food_x20__x26__x20_drink'],
    ['a::b', 'a:_x_:b'],
    ['a_x20_b', 'a_x5f_x20_b'],
    ['資産', '_x8cc7__x7523_'],
  ])('%s is %s', (text, address) => expect(encodeAddress(text)).toBe(address));

  it('always gives an address, and never the same one for two names', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [first, second] = [encodeAddress(a), encodeAddress(b)];
        return isAddress(first) && (a === b) === (first === second);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends a long name in its hash', () => {
    const long = `assets:${'ö'.repeat(200)}`;
    expect(isAddress(encodeAddress(long))).toBe(true);
    expect(encodeAddress(long)).not.toBe(encodeAddress(`${long}ö`));
  });
});

describe('unitCode', () => {
  it.each([
    ['USD', 'USD'],
    ['$', 'USD'],
    ['VBMPX', 'VBMPX'],
    ['h', 'H.AAA94026'],
    ['Apples 2', 'APPLES2.'],
    ['', 'UNIT.'],
  ])('%p is booked as %s', (source, code) => {
    expect(unitCode(source).startsWith(code)).toBe(true);
    expect(isUnitCode(unitCode(source))).toBe(true);
  });
  it('goes by what was named', () => expect(unitCode('MRO', new Map([['MRO', 'MRO.X']]))).toBe('MRO.X'));
});
