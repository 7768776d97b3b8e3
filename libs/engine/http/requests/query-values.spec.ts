import { refuseBrokenQuery } from './query-values';

describe('the query of a URL', () => {
  it.each([
    ...['/v1/events', '/v1/events?', '/v1/events?type=a.b&limit=1', '/v1/events?object=%C3%BC+%F0%9F%98%80'],
    ...['/v1/events?object=%', '/v1/events?object=%zz', '/v1/events?object=%4', '/v1/%ff?object=x'],
  ])('may be that of %s', (url) => expect(() => refuseBrokenQuery(url)).not.toThrow());

  it.each([
    ...[
      '?object=%ff',
      '?object=%C3',
      '?%C3=x',
      '?metadata[k]=%ED%A0%80',
      '?object=%C3&x=%BC',
      '?object=a%80',
    ],
    '?object=\u00FF',
  ])('may not be %j, which is not UTF-8', (query) =>
    expect(() => refuseBrokenQuery(`/v1/events${query}`)).toThrow('not UTF-8'),
  );
});
