import { compileDto, Described, Is } from '@fintech-ledger/http';
import { paymentMethodRule } from './payment-rules';

@Described('What is paid with.')
class PaidWithDto {
  @Is(paymentMethodRule, 'The id.')
  declare readonly payment_method: string;
}
const compiled = compileDto(PaidWithDto);
const accepts = (text: string): boolean => compiled.accepts({ payment_method: text });

const number = '4242424242424242';

describe('what a payment method is named by', () => {
  it.each([
    ...['pm_card_visa', 'ba_sim_fail', 'pm_01M8521EFW0000000UDNVR7ED6', `pm_${'1'.repeat(26)}`],
    ...['pm_none', 'My Visa, ends in 4242', 'visa', '', '12345678901', 'tok-1'],
  ])('may be %j', (text) => expect([accepts(text), paymentMethodRule.accepts(text)]).toEqual([true, true]));

  it.each([
    ...[number, '4242 4242 4242 4242', '4242-4242-4242-4242', '4242.4242.4242.4242', '4242/4242/4242/4242'],
    ...[
      `${number} 12/34 123`,
      `${number}1234123`,
      `Visa ${number}, 12/34`,
      `CVC 123, ${number}`,
      `\n${number}\n`,
    ],
    ...[
      `pm_${number}`,
      'pm_4242_4242_4242_4242',
      `pm_${number}1234`.slice(0, -1),
      '４２４２４２４２４２４２４２４２',
    ],
    ...['1'.repeat(12), '1'.repeat(19), '1'.repeat(20), '4242\u00A04242\u00A04242\u00A04242'],
  ])('may not be %j, which looks like the number of a card', (text) => {
    expect([accepts(text), paymentMethodRule.accepts(text)]).toEqual([false, false]);
    const [problem, ...others] = compiled.explain({ payment_method: text });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'card_number_refused', param: '/payment_method' });
    expect(JSON.stringify(problem)).not.toContain('4242');
  });

  it('is judged at once, however long it is', () => {
    const started = performance.now();
    for (const text of [number.repeat(60_000), 'x'.repeat(1_000_000), `pm_${'1'.repeat(1_000_000)}`])
      accepts(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
