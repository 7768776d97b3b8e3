// For every operation of the OpenAPI document the most expensive legal request that we know of. An operation that is
// not known here gets one from the document alone: its longest page, filters that match nothing, its example as body.

/**
 * @typedef {object} Books what the requests name
 * @property {string} ledger
 * @property {string} transaction
 * @property {string} apiKey
 * @property {string} sandbox
 * @property {readonly string[]} accounts
 * @property {string} moment in the middle of its time
 *
 * @typedef {object} Sent
 * @property {string} method
 * @property {string} path
 * @property {string} [body]
 * @property {Record<string, string>} headers
 *
 * @typedef {'stream' | 'export' | 'import' | 'bulk' | 'command' | 'expensive' | 'list' | 'read'} CostClass
 *
 * @typedef {object} Expensive
 * @property {string} operationId
 * @property {CostClass} costClass
 * @property {() => Sent} request a new one each time: under an idempotency key of its own
 */

const nothing = 'nobody:at:all';
const entriesMax = 1_000;
const bulkMax = 1_000;
const importRows = 5_000;

/**
 * @param {any} document
 * @param {Books} books
 * @returns {Expensive[]} of every operation
 */
export function expensiveRequests(document, books) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const costClass = costClassOf(method, operation);
      let number = 0;
      const request = () => requestOf({ path, method, operation, costClass }, books, (number += 1));
      return { operationId: operation.operationId, costClass, request };
    }),
  );
}

/** By what the document says of it. */
export function costClassOf(method, { responses, requestBody, parameters = [] }) {
  const answers = Object.keys(responses['200']?.content ?? {});
  const bodies = Object.keys(requestBody?.content ?? {});
  const has = (name) => parameters.some((one) => one.name === name);
  if (answers.includes('text/event-stream')) return 'stream';
  if (bodies.includes('text/csv')) return 'import';
  if (answers.includes('text/csv')) return 'export';
  if (method !== 'get') return (requestBody?.['x-max-bytes'] ?? 0) > 1_000_000 ? 'bulk' : 'command';
  if (has('as_of') || has('metadata') || has('group_by_segments')) return 'expensive';
  return has('limit') ? 'list' : 'read';
}

function requestOf({ path, method, operation, costClass }, books, number) {
  const { operationId, requestBody, parameters = [] } = operation;
  const target = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(pathValue(name, books)));
  const query = new URLSearchParams(
    parameters.filter((one) => one.in === 'query').flatMap((one) => queryValue(one, books, costClass)),
  );
  const isKeyed = parameters.some(({ name }) => name === 'Idempotency-Key');
  const { type, body } = bodyOf(operationId, requestBody, books, number);
  const suffix = query.size === 0 ? '' : `?${query}`;
  return {
    method: method.toUpperCase(),
    path: `${target}${suffix}`,
    ...(body === undefined ? {} : { body }),
    headers: {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(isKeyed ? { 'idempotency-key': `${operationId}-${books.ledger}-${number}-${Math.random()}` } : {}),
    },
  };
}

function pathValue(name, { ledger, transaction, apiKey, sandbox, accounts }) {
  return { ledger, transaction, apiKey, sandbox, address: accounts[0] }[name] ?? 'unknown';
}

/** Longest pages, filters that match nothing, moments that make it sum. */
function queryValue({ name, schema }, { moment }, costClass) {
  switch (name) {
    case 'limit':
      return [[name, String(schema.maximum ?? 100)]];
    case 'as_of':
      return [[name, moment]];
    case 'axis':
      return [[name, 'effective']];
    case 'metadata':
      return [['metadata[none]', 'none']];
    case 'account':
      return costClass === 'stream' ? [] : [[name, nothing]];
    case 'from':
      return [[name, '2000-01-01T00:00:00Z']];
    case 'group_by_segments':
      return [[name, '1']];
    case 'columns':
      return [[name, 'transaction=t,date=d,account=a,amount=n,unit=u']];
    default:
      return [];
  }
}

function bodyOf(operationId, requestBody, { accounts }, number) {
  if (requestBody === undefined) return {};
  const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });
  if (operationId === 'postTransaction') return json(transaction(accounts, entriesMax));
  if (operationId === 'postTransactions') {
    const transactions = Array.from({ length: bulkMax }, () => transaction(accounts, 2));
    return json({ atomic: false, transactions });
  }
  if (operationId === 'createSandbox') return json({ name: `neighbours ${number}` });
  if (operationId === 'importBooks') return { type: 'text/csv', body: csv(accounts, number) };
  const [type, { example }] = Object.entries(requestBody.content)[0];
  return { type, body: typeof example === 'string' ? example : JSON.stringify(example ?? {}) };
}

function transaction(accounts, entries) {
  const entry = (at) => ({
    account: accounts[at % accounts.length],
    direction: at % 2 === 0 ? 'debit' : 'credit',
    amount: '1',
    currency: 'USD',
  });
  return { entries: Array.from({ length: entries }, (_, at) => entry(at)) };
}

function csv(accounts, number) {
  const rows = Array.from({ length: importRows }, (_, at) => {
    const account = accounts[at % accounts.length];
    return `t${number}-${at >> 1},2026-01-01,${account},${at % 2 === 0 ? 1 : -1},USD`;
  });
  return ['t,d,a,n,u', ...rows].join('\n');
}
