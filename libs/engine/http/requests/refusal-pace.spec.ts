import { refusalsAtOnceMax } from '../limits';
import { RefusalPace } from './refusal-pace';

describe('refusals', () => {
  it('are late when one caller has too many of them in a second', () => {
    let now = 0;
    const pace = new RefusalPace(() => now);
    const late = (caller: string): boolean => pace.isTooOften({ principal: null, ip: caller });
    for (let count = 1; count <= refusalsAtOnceMax; count += 1) expect(late('key_a')).toBe(false);
    expect(late('key_a')).toBe(true);
    expect(late('key_b')).toBe(false);
    now = 1_000;
    expect(late('key_a')).toBe(false);
  });
});
