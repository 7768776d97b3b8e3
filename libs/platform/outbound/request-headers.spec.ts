import { headersRefusal } from './request-headers';

describe('headers to send along', () => {
  it('may be any others', () => {
    expect(headersRefusal({ 'X-Team': 'books', authorization: 'Bearer a b', empty: '' })).toBeUndefined();
  });

  it.each([
    [{ Host: 'internal.example' }, '/headers/Host', "Host says how the request is sent, and can't be given"],
    [{ 'content-LENGTH': '1' }, '/headers/content-LENGTH', /says how the request is sent/],
    [{ 'Transfer-Encoding': 'chunked' }, '/headers/Transfer-Encoding', /says how the request is sent/],
    [{ 'a b': 'c' }, '/headers/a b', 'has a name that HTTP does not allow'],
    [{ '': 'c' }, '/headers/', 'has a name that HTTP does not allow'],
    [{ 'a/~b': 'c' }, '/headers/a~1~0b', 'has a name that HTTP does not allow'],
    [{ good: 'x', a: 'b\r\nHost: internal.example' }, '/headers/a', /other than visible ASCII/],
    [{ a: 'é' }, '/headers/a', /other than visible ASCII/],
  ])('%j are refused, and the refusal names the one', (headers, param, detail) => {
    expect(headersRefusal(headers as unknown as Record<string, string>)).toEqual({
      code: 'invalid_request_header',
      param,
      detail: expect.stringMatching(detail),
    });
  });
});
