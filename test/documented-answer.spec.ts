import { checkDocumented } from './support/documented-answer';

const problem = {
  type: '/docs/errors#ledger_not_found',
  title: 'Ledger not found',
  status: 404,
  detail: 'There is no such ledger.',
  code: 'ledger_not_found',
  request_id: 'req_1',
};
const contentType = 'application/problem+json; charset=utf-8';
const ledger = {
  id: 'led_1',
  object: 'ledger',
  name: 'books',
  description: null,
  metadata: {},
  created_at: '2026-01-01T00:00:00.000Z',
};
const ok = { status: 200, contentType: 'application/json; charset=utf-8' };

describe('what holds answers against the document', () => {
  it('takes what is documented', () => {
    checkDocumented('GET', '/v1/ledgers/led_1?x=1', { status: 404, contentType, json: problem });
    checkDocumented('GET', '/v1/ledgers/led_1', { ...ok, json: ledger });
  });

  it.each([
    ['a member that is not documented', { ...ok, json: { ...ledger, color: 'red' } }],
    ['a member that is missing', { ...ok, json: { ...ledger, name: undefined } }],
    ['a code of another operation', { status: 422, contentType, json: { ...problem, code: 'unbalanced' } }],
    ['a code that there is not', { status: 404, contentType, json: { ...problem, code: 'gone' } }],
    ['a status that is not documented', { ...ok, status: 202, json: ledger }],
    ['no position that it was read at', { ...ok, json: ledger, headers: {} }],
    ['another content type', { status: 200, contentType: 'text/plain', json: {} }],
  ])('refuses %s', (_what, answer) => {
    const json = JSON.parse(JSON.stringify(answer.json)) as Record<string, unknown>;
    expect(() => checkDocumented('GET', '/v1/ledgers/led_1', { ...answer, json })).toThrow('getLedger');
  });

  it('looks inside of what bulks answer', () => {
    const bulk = (json: Record<string, unknown>) => () =>
      checkDocumented('POST', '/v1/ledgers/led_1/transactions/bulk', { ...ok, status: 201, json });
    const refused = { object: 'error', status: 422, code: 'unbalanced', detail: 'x', currency: 'USD' };
    expect(bulk({ data: [refused], position: 'led_1@3' })).not.toThrow();
    expect(bulk({ results: [refused], position: 'led_1@3' })).toThrow('postTransactions');
  });
});
