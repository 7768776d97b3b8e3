import { feedToken } from '../../port';
import { earliestOf, offsetsOf, tokenOf } from './offsets-token';

describe('the token of the Kafka feed', () => {
  it('holds the next offset of each partition', () => {
    const offsets = new Map([
      [0, { offset: 5n, epoch: 0 }],
      [11, { offset: 0n, epoch: 2 }],
    ]);
    expect(offsetsOf(tokenOf(offsets))).toEqual(offsets);
    expect(tokenOf(offsets)).toBe('{"0":5,"11":[0,2]}');
  });

  it('goes back to where the projection that is furthest behind has to go on', () => {
    expect(earliestOf([feedToken('{"0":5,"1":7}'), feedToken('{"0":9,"1":3,"2":1}')])).toBe('{"0":5,"1":3}');
    expect(earliestOf([feedToken('{"0":5}'), undefined])).toBe('{}');
    // Of a topic that was recreated since, any place is later.
    expect(earliestOf([feedToken('{"0":[2,1]}'), feedToken('{"0":9}')])).toBe('{"0":9}');
    expect(earliestOf([])).toBeUndefined();
  });

  it('takes the token of another feed for none', () => {
    expect(offsetsOf(feedToken('00000042'))).toEqual(new Map());
  });
});
