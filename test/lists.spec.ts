import { apiOperations, resolved } from './support/fuzz/api-operations';
import type { Operation, Schema } from './support/fuzz/api-operations';

const answerOf = ({ responses }: Operation): Schema | undefined => {
  const schema = responses['200']?.content?.['application/json']?.schema;
  return schema === undefined ? undefined : resolved(schema);
};

const lists = apiOperations.flatMap((operation) => {
  const schema = answerOf(operation);
  // A reconciliation is a report of its own: its lines are summed up, and what they come to is 422 where it is too much.
  if (operation.method !== 'GET' || operation.operationId === 'getReconciliation') return [];
  const isList = schema?.properties?.['data']?.type === 'array';
  return isList ? [[operation.operationId, operation, schema] as const] : [];
});

it('are found in the document', () => {
  expect(lists.length).toBeGreaterThan(40);
});

/** Tools read them as a whole, and are to miss nothing. */
const short = ['listProjections', 'listAuditKeys'];

it.each(lists)('%s is a list like any other', (name, { parameters = [] }, { properties, required }) => {
  const parameter = (name: string): Schema | undefined =>
    parameters.find((one) => one.in === 'query' && one.name === name)?.schema;
  expect(parameter('limit')).toMatchObject({ type: 'integer', minimum: 1, maximum: 100 });
  expect(parameter('limit')?.default).toBe(short.includes(name) ? 100 : 20);
  expect(parameter('cursor')).toMatchObject({ type: 'string' });
  expect(Object.keys(properties ?? {})).toEqual(expect.arrayContaining(['data', 'has_more', 'next_cursor']));
  expect(required).toEqual(expect.arrayContaining(['data', 'has_more', 'next_cursor']));
});
