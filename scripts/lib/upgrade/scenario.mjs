// What is booked into an installation that later versions are started on: something of every kind that a version must go on with.
const usd = (debit, credit, amount, more = {}) => ({
  debit_account: debit,
  credit_account: credit,
  amount: String(amount),
  currency: 'USD',
  ...more,
});
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

/** CSV with one posting a line, as `hledger print -O csv` gives it, with a unit that no standard knows. */
const csv = [
  'txnidx,date,description,account,amount,commodity',
  '1,2026-01-05,opening,assets:bank,1500.25,EUR',
  '1,2026-01-05,opening,equity:opening,-1500.25,EUR',
  '2,2026-01-06,tokens,assets:tokens,12.5,TOK',
  '2,2026-01-06,tokens,equity:opening:tokens,-12.5,TOK',
  '3,2026-01-07,exchange,assets:bank,-100.00,EUR',
  '3,2026-01-07,exchange,assets:dollars,110.00,USD',
  '',
].join('\n');
export const csvImport = {
  type: 'text/csv',
  query:
    'columns=transaction=txnidx,date=date,account=account,amount=amount,unit=commodity,description=description',
  body: csv,
};

/** How long the holds that end while nothing runs are open: longer than the recording takes. */
const openSeconds = 90;

/** Everything before the clean stop. Returns what the manifest says of it besides the exchanges. */
export async function bookBeforeStop(client) {
  const { id: ledger } = await client.command('ledger', 'POST', '/v1/ledgers', { name: 'Marketplace' });
  const at = `/v1/ledgers/${ledger}`;
  const post = (label, path, body, options) => client.command(label, 'POST', `${at}${path}`, body, options);
  await openAccounts(post);
  await client.command('unit', 'POST', '/v1/units', { code: 'MILES', exponent: 1, name: 'Miles' });
  await post('account of a unit', '/accounts', {
    address: 'miles:issued',
    type: 'liability',
    currency: 'MILES',
  });

  await post('transfer', '/transfers', usd('cash', 'merchants:acme', 50_000, { reference: 'order-1' }));
  await post(
    'back-dated',
    '/transfers',
    usd('cash', 'merchants:acme', 700, { effective_at: '2025-12-31T23:59:59.000Z' }),
  );
  await post('three entries', '/transactions', {
    entries: [
      { account: 'cash', direction: 'debit', amount: '10000', currency: 'USD' },
      { account: 'merchants:acme', direction: 'credit', amount: '9700', currency: 'USD' },
      { account: 'platform:fees', direction: 'credit', amount: '300', currency: 'USD' },
    ],
    description: 'order 2',
    metadata: { order: '2' },
    preconditions: [{ account: 'merchants:acme', available: { gte: '0' } }],
  });
  await bulk(post);
  const holds = await placeHolds(post);
  await reversals(post);
  await lifecycle(client, at, post);
  await post('import', `/imports?${csvImport.query}`, csvImport.body, { type: csvImport.type });
  return { ledger, holds };
}

async function openAccounts(post) {
  for (const [address, type, bounds] of /** @type {[string, string, object][]} */ ([
    ['cash', 'asset', {}],
    ['merchants:acme', 'liability', { min_balance: '0' }],
    ['merchants:beta', 'liability', { min_balance: '-500', max_balance: '1000000' }],
    ['platform:fees', 'revenue', {}],
    ['old:frozen', 'liability', {}],
    ['old:closed', 'liability', {}],
  ]))
    await post(`account ${address}`, '/accounts', {
      address,
      type,
      currency: 'USD',
      ...bounds,
      metadata: { from: 'recording' },
    });
  const many = Array.from({ length: 200 }, (_, n) => `customers:${n}`);
  for (const address of many)
    await post(`account ${address}`, '/accounts', { address, type: 'liability', currency: 'USD' });
}

async function bulk(post) {
  const transactions = Array.from({ length: 500 }, (_, n) => ({
    entries: [
      { account: 'cash', direction: 'debit', amount: String(100 + n), currency: 'USD' },
      { account: `customers:${n % 200}`, direction: 'credit', amount: String(100 + n), currency: 'USD' },
    ],
  }));
  await post('bulk', '/transactions/bulk', { atomic: true, transactions });
  const refused = { entries: transactions[0].entries.map((entry) => ({ ...entry, currency: 'EUR' })) };
  await post('bulk with a refused item', '/transactions/bulk', {
    atomic: false,
    transactions: [transactions[0], refused, transactions[1]],
  });
}

async function placeHolds(post) {
  const hold = async (label, amount, more) => {
    const { id } = await post(label, '/transactions', {
      entries: [
        { account: 'merchants:acme', direction: 'debit', amount: String(amount), currency: 'USD' },
        { account: 'platform:fees', direction: 'credit', amount: String(amount), currency: 'USD' },
      ],
      pending: true,
      ...more,
    });
    return id;
  };
  const holds = {
    open: await hold('hold: to be captured later', 1_000, {}),
    toVoid: await hold('hold: to be voided later', 1_100, {}),
    partly: await hold('hold: captured in part', 1_200, {}),
    captured: await hold('hold: captured', 1_300, {}),
    voided: await hold('hold: voided', 1_400, {}),
    farEnd: await hold('hold: ends in a century', 1_500, { expires_at: '2126-01-01T00:00:00.000Z' }),
    ended: /** @type {string[]} */ ([]),
    inTail: /** @type {string[]} */ ([]),
  };
  for (let n = 0; n < 3; n += 1)
    holds.ended.push(
      await hold(`hold ${n}: ends while nothing runs`, 50 + n, { expires_at: inSeconds(openSeconds) }),
    );
  await post('capture in part', `/transactions/${holds.partly}/capture`, { amount: '200', final: false });
  await post('capture', `/transactions/${holds.captured}/capture`, {});
  await post('void', `/transactions/${holds.voided}/void`, {});
  return holds;
}

async function reversals(post) {
  const { id } = await post('to be reversed', '/transfers', usd('cash', 'merchants:beta', 4_000));
  await post('reversal in part', `/transactions/${id}/reverse`, { amount: '1500' });
  const { id: whole } = await post('to be reversed whole', '/transfers', usd('cash', 'merchants:beta', 900));
  await post('reversal', `/transactions/${whole}/reverse`, { description: 'mistake' });
}

async function lifecycle(client, at, post) {
  await client.command('bounds', 'PATCH', `${at}/accounts/merchants:beta`, {
    max_balance: '2000000',
    metadata: { tier: 'gold' },
  });
  await post('freeze', '/accounts/old:frozen/freeze');
  await post('close', '/accounts/old:closed/close');
  await post('freeze beta', '/accounts/merchants:beta/freeze');
  await post('unfreeze beta', '/accounts/merchants:beta/unfreeze');
}

/** API keys: one that works, one that was revoked. */
export async function issueKeys(client) {
  const reader = await client.command('key that reads', 'POST', '/v1/api_keys', {
    name: 'Auditor',
    scopes: ['ledger:read'],
  });
  const gone = await client.command('key that is revoked', 'POST', '/v1/api_keys', {
    name: 'Leaver',
    scopes: ['*'],
  });
  await client.command('revocation', 'POST', `/v1/api_keys/${gone.id}/revoke`);
  return { reader: reader.key, revoked: gone.key };
}

/** A second ledger, and what lies only in the journals' tails because the process is killed right after. */
export async function bookBeforeKill(client, { ledger, holds }) {
  const at = `/v1/ledgers/${ledger}`;
  const post = (label, path, body) => client.command(label, 'POST', `${at}${path}`, body);
  const { id: second } = await client.command('second ledger', 'POST', '/v1/ledgers', { name: 'Second' });
  for (const address of ['a', 'b'])
    await client.command(`second: account ${address}`, 'POST', `/v1/ledgers/${second}/accounts`, {
      address,
      type: 'asset',
      currency: 'EUR',
    });
  await client.command('second: transfer', 'POST', `/v1/ledgers/${second}/transfers`, {
    debit_account: 'a',
    credit_account: 'b',
    amount: '5',
    currency: 'EUR',
  });
  const { id } = await client.command(
    'second: hold in the tail that ends while nothing runs',
    'POST',
    `/v1/ledgers/${second}/transactions`,
    {
      entries: [
        { account: 'a', direction: 'debit', amount: '2', currency: 'EUR' },
        { account: 'b', direction: 'credit', amount: '2', currency: 'EUR' },
      ],
      pending: true,
      expires_at: inSeconds(openSeconds),
    },
  );
  const secondHold = id;
  const { id: inTail } = await post('hold in the tail that ends while nothing runs', '/transactions', {
    entries: [
      { account: 'merchants:acme', direction: 'debit', amount: '60', currency: 'USD' },
      { account: 'platform:fees', direction: 'credit', amount: '60', currency: 'USD' },
    ],
    pending: true,
    expires_at: inSeconds(openSeconds),
  });
  holds.inTail.push(inTail);
  await post('transfer in the tail', '/transfers', usd('cash', 'merchants:acme', 11));
  return { second, secondHold };
}

/** What a later version must answer as well: events, balances, trial balances, heads. */
export async function observe(client, ledgers) {
  const observed = {};
  for (const ledger of ledgers) {
    const events = await client.list(`/v1/ledgers/${ledger}/events`);
    const position = `${ledger}@${events.length - 1}`;
    const accounts = await client.list(`/v1/ledgers/${ledger}/accounts`, position);
    const trial = await client.get(`/v1/ledgers/${ledger}/trial-balance`, position);
    observed[ledger] = { events, accounts, trial };
  }
  return observed;
}
