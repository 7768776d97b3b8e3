import { trimEndOf } from './trim-end-of';

describe('trimEndOf', () => {
  it.each([
    ['1.2500', '0', '1.25'],
    ['a:b:_:', ':_', 'a:b'],
    ['000', '0', ''],
    ['', '0', ''],
    ['0a', '0', '0a'],
  ])('%s without %s at its end is %s', (text, characters, expected) => {
    expect(trimEndOf(text, characters)).toBe(expected);
  });
});
