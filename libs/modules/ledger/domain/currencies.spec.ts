import { allCurrencies, findCurrency, isBookable } from './currencies';

// CLDR shows these without the decimals that ISO 4217 gives them (IQD: 3, the others: 2).
const cldrShowsFewer =
  'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SLL SOS SYP UYI UYW YER CLF'.split(' ');

describe('the ISO 4217 table', () => {
  const currencies = allCurrencies();
  const inForce = currencies.filter((c) => c.withdrawnOn === null && c.exponent !== null);

  it('has each code and, among those in force, each number once', () => {
    expect(new Set(currencies.map((c) => c.code)).size).toBe(currencies.length);
    expect(new Set(inForce.map((c) => c.numeric)).size).toBe(inForce.length);
    for (const c of currencies) {
      expect(c).toMatchObject({
        code: expect.stringMatching(/^[A-Z]{3}$/),
        numeric: expect.stringMatching(/^\d{3}$/),
      });
      expect(c.name).not.toBe('');
    }
  });

  it.each([
    ['USD', '840', 2],
    ['JPY', '392', 0],
    ['KWD', '414', 3],
    ['IQD', '368', 3],
    ['CLF', '990', 4],
    ['MGA', '969', 2],
    ['CHE', '947', 2],
    ['XCG', '532', 2],
    ['ZWG', '924', 2],
    ['SLE', '925', 2],
    ['VES', '928', 2],
    ['VED', '926', 2],
    ['XAD', '396', 2],
  ])('%s is %s with %i decimals, in force', (code, numeric, exponent) => {
    const currency = findCurrency(code);
    expect(currency).toMatchObject({ numeric, exponent, withdrawnOn: null });
    expect(currency && isBookable(currency, '2026-11-01')).toBe(true);
  });

  it.each([
    ['HRK', '2023-01-01'],
    ['BGN', '2026-01-01'],
    ['LTL', '2015-01-01'],
    ['BYR', '2017-01-01'],
  ])('%s was withdrawn on %s and bookable until the day before', (code, day) => {
    const currency = findCurrency(code);
    expect(currency?.withdrawnOn).toBe(day);
    const dayBefore = new Date(Date.parse(day) - 86_400_000).toISOString();
    expect(currency && isBookable(currency, dayBefore)).toBe(true);
    expect(currency && isBookable(currency, `${day}T00:00:00.000Z`)).toBe(false);
  });

  it.each(['ANG', 'CUC', 'SLL', 'ZWL', 'VEF', 'MRO', 'STD', 'LVL', 'EEK', 'DEM'])(
    '%s is withdrawn',
    (code) => {
      expect(findCurrency(code)?.withdrawnOn).toEqual(expect.any(String));
    },
  );

  it.each(['XAU', 'XAG', 'XPT', 'XPD', 'XDR', 'XBA', 'XTS', 'XXX', 'XSU', 'XUA'])(
    '%s has no minor unit',
    (code) => {
      const currency = findCurrency(code);
      expect(currency?.exponent).toBeNull();
      expect(currency && isBookable(currency, '2026-11-01')).toBe(false);
    },
  );

  it.each(['usd', 'US', 'USDT', 'BTC', '', 'XYZ', 'constructor', '__proto__'])('does not know %p', (code) => {
    expect(findCurrency(code)).toBeUndefined();
  });

  it('agrees with Intl but for what CLDR shows differently', () => {
    const disagreeing = inForce
      .filter((c) => c.exponent !== intlExponent(c.code))
      .map((c) => c.code)
      .filter((code) => !cldrShowsFewer.includes(code));
    expect(disagreeing).toEqual([]);
  });
});

function intlExponent(code: string): number | undefined {
  return new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions()
    .maximumFractionDigits;
}
