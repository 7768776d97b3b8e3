import { statementXml } from '../bank-statement';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRequest, HttpSpec } from '../http-spec';

/** A ledger in which each rule can be broken: what is there, by name. */
export interface SampleBooks {
  readonly ledger: string;
  /** Transactions, API keys and a sandbox. */
  readonly ids: Readonly<Record<string, string>>;
  /** API keys that lack a scope, each another one. */
  readonly weakKeys: readonly string[];
  /** Of a sandbox. */
  readonly sandboxKey: string;
}

/** An Idempotency-Key that the ledger, and the organization, have seen already. */
export const usedKey = 'used-already';

export const entry = (account: string, direction: 'debit' | 'credit', amount = '100', currency = 'USD') => ({
  account,
  direction,
  amount,
  currency,
});
export const transferOf = (debit: string, credit: string, amount = '100', more: object = {}) => ({
  debit_account: debit,
  credit_account: credit,
  amount,
  currency: 'USD',
  ...more,
});

/** Opens the books. The HttpSpec is one of no ledger. */
export async function openSampleBooks(http: HttpSpec): Promise<SampleBooks> {
  const make = async (request: HttpRequest) => (await http.send(request)).json;
  const ledger = String((await make({ path: '/v1/ledgers', body: { name: 'refusals' } }))['id']);
  const post = async (path: string, body: object = {}) => {
    const { status, json } = await http.send({ path: `/v1/ledgers/${ledger}${path}`, body });
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return String(json['id']);
  };
  const keyed = { 'idempotency-key': usedKey };
  await make({ path: '/v1/units', body: { code: 'POINTS', exponent: 0, name: 'Points' }, headers: keyed });
  await make({
    ...{ path: `/v1/ledgers/${ledger}/imports`, headers: { ...keyed, 'content-type': 'text/csv' } },
    body: 'transaction,date,account,amount,unit\n1,2026-01-01,assets:b,1,USD\n1,2026-01-01,equity:c,-1,USD\n',
  });
  const terms = { type: 'liability', currency: 'USD' };
  for (const address of ['sales', 'frozen', 'ice', 'closed', 'gone', 'idle', 'full'])
    await post('/accounts', { address, ...terms });
  await post('/accounts', { address: 'cash', ...terms, type: 'asset' });
  await post('/accounts', { address: 'euros', ...terms, currency: 'EUR' });
  await post('/accounts', { address: 'points', ...terms, currency: 'POINTS' });
  await post('/accounts', { address: 'drained', ...terms, min_balance: '0' });
  await post('/accounts', { address: 'deep', ...terms, min_balance: '0' });
  await post('/accounts', { address: 'purse', ...terms, min_balance: '0', max_balance: '1000' });
  const transfer = (debit: string, credit: string, amount?: string, more?: object) =>
    post('/transfers', transferOf(debit, credit, amount, more));
  const held = { pending: true };
  const ids: Record<string, string> = {
    posted: await transfer('cash', 'sales'),
    reference: await transfer('cash', 'sales', '1', { reference: 'taken' }),
    fill: await transfer('cash', 'purse', '500'),
    close: await post('/period_closes', { through: '2024-12-31T23:59:59.999Z', reason: 'x' }),
    hold: await transfer('cash', 'sales', '100', held),
    captured: await transfer('cash', 'sales', '100', held),
    voided: await transfer('cash', 'sales', '100', held),
    toVoid: await transfer('cash', 'sales', '100', held),
    expired: await transfer('cash', 'sales', '100', {
      ...held,
      expires_at: new Date(Date.now() + 500).toISOString(),
    }),
    reversed: await transfer('cash', 'sales'),
    held600: await transfer('cash', 'purse', '600', held),
    onIce: await transfer('cash', 'ice', '100', held),
    ofIce: await transfer('cash', 'ice', '100'),
    toGone: await transfer('cash', 'gone', '100'),
    fromGone: await transfer('gone', 'cash', '100'),
    outOfPurse: await transfer('purse', 'cash', '400'),
    drained: await transfer('cash', 'drained'),
    drain: await transfer('drained', 'cash'),
    toDeep: await transfer('cash', 'deep'),
    heldOfDeep: await transfer('deep', 'cash', '50', held),
    three: await post('/transactions', {
      entries: [entry('cash', 'debit'), entry('sales', 'credit', '60'), entry('idle', 'credit', '40')],
    }),
    threeHeld: await post('/transactions', {
      pending: true,
      entries: [entry('cash', 'debit'), entry('sales', 'credit', '60'), entry('idle', 'credit', '40')],
    }),
  };
  // What is held of it was overdrawn meanwhile.
  await post(`/transactions/${ids['toDeep']}/reverse`, { allow_overdraft: true });
  await post(`/transactions/${ids['captured']}/capture`);
  await post(`/transactions/${ids['voided']}/void`);
  await post(`/transactions/${ids['reversed']}/reverse`);
  // What was taken out comes back only up to the maximum; what came in is gone.
  await transfer('cash', 'purse', '700');
  for (const [address, verb] of Object.entries({
    frozen: 'freeze',
    ice: 'freeze',
    closed: 'close',
    gone: 'close',
  }))
    await post(`/accounts/${address}/${verb}`);
  const weakKeys: string[] = [];
  for (const scope of ['ledger:read', 'ledger:write', 'ops:read', 'keys:write', 'webhooks:read']) {
    const { key, id } = await make({ path: '/v1/api_keys', body: { name: scope, scopes: [scope] } });
    weakKeys.push(String(key));
    ids['apiKey'] ??= String(id);
  }
  const revoked = await make({ path: '/v1/api_keys', body: { name: 'revoked', scopes: ['ledger:read'] } });
  ids['revokedKey'] = String(revoked['id']);
  await make({ path: `/v1/api_keys/${ids['revokedKey']}/revoke` });
  const elsewhere = { name: 'elsewhere', scopes: ['*'], allowed_ips: ['192.0.2.7'] };
  ids['keyElsewhere'] = String((await make({ path: '/v1/api_keys', body: elsewhere }))['key']);
  const brief = {
    name: 'brief',
    scopes: ['ledger:read'],
    expires_at: new Date(Date.now() + 1_500).toISOString(),
  };
  ids['expiredKey'] = String((await make({ path: '/v1/api_keys', body: brief }))['id']);
  const crowded = await make({ path: '/v1/api_keys', body: { name: 'crowded', scopes: ['ledger:read'] } });
  ids['crowdedKey'] = String(crowded['id']);
  for (let n = 0; n < 4; n += 1) await make({ path: `/v1/api_keys/${ids['crowdedKey']}/rotate` });
  const hook = { url: 'https://127.0.0.1:9/hook', event_types: ['webhook_endpoint.disabled'] };
  for (const name of ['endpoint', 'disabledEndpoint'])
    ids[name] = String((await make({ path: '/v1/webhook_endpoints', body: hook }))['id']);
  await make({ path: `/v1/webhook_endpoints/${ids['disabledEndpoint']}/disable` });
  const tested = { path: `/v1/webhook_endpoints/${ids['endpoint']}/test`, body: { type: 'hold.voided' } };
  await make({ ...tested, headers: keyed });
  // It waits, since the endpoint is disabled.
  const replay = await make({ path: `/v1/webhook_endpoints/${ids['disabledEndpoint']}/replays` });
  ids['replay'] = String(replay['id']);
  for (const name of ['payment', 'canceledPayment'])
    ids[name] = String(
      (await make({ path: '/v1/payments', body: { amount: '100', currency: 'USD' } }))['id'],
    );
  for (const name of ['customer', 'deletedCustomer'])
    ids[name] = String((await make({ path: '/v1/customers', body: { name: 'x' } }))['id']);
  await make({ method: 'DELETE', path: `/v1/customers/${ids['deletedCustomer']}` });
  for (const name of ['account', 'suspendedAccount', 'closedAccount', 'erasedAccount', 'fullAccount'])
    ids[name] = String((await make({ path: '/v1/connected_accounts', body: newAccount }))['id']);
  await make({ path: `/v1/connected_accounts/${ids['suspendedAccount']}/suspend` });
  for (const name of ['closedAccount', 'erasedAccount'])
    await make({ path: `/v1/connected_accounts/${ids[name]}/close` });
  await make({ path: `/v1/connected_accounts/${ids['erasedAccount']}/erase` });
  const bankAccounts = `/v1/connected_accounts/${ids['fullAccount']}/bank_accounts`;
  for (let n = 0; n < 10; n += 1) await make({ path: bankAccounts, body: bankAccount });
  await make({ path: '/v1/payments', body: { amount: '7', currency: 'USD' }, headers: keyed });
  await make({ path: `/v1/payments/${ids['canceledPayment']}/cancel` });
  ids['otherLedger'] = String((await make({ path: '/v1/ledgers', body: { name: 'other' } }))['id']);
  const between = {
    ...{ amount: '1', currency: 'USD', from: { ledger, account: 'sales' } },
    to: { ledger: ids['otherLedger'], account: 'sales' },
  };
  ids['ledgerTransfer'] = String((await make({ path: '/v1/ledger_transfers', body: between }))['id']);
  const sandbox = await make({ path: '/v1/sandboxes', body: { name: 'refusals' } });
  ids['sandbox'] = String(sandbox['id']);
  const apiKey = String(sandbox['api_key']);
  ids['payer'] = String((await make({ path: '/v1/customers', body: {}, apiKey }))['id']);
  const visa = { payment_method: 'pm_card_visa' };
  const saving = { path: `/v1/customers/${ids['payer']}/payment_methods`, body: visa, apiKey };
  for (const name of ['savedMethod', 'detachedMethod']) ids[name] = String((await make(saving))['id']);
  await make({ path: `/v1/payment_methods/${ids['detachedMethod']}/detach`, apiKey });
  ids['otherPayer'] = String((await make({ path: '/v1/customers', body: {}, apiKey }))['id']);
  const paid = { amount: '100', currency: 'USD', confirm: true, payment_method: 'pm_card_visa' };
  const ofSandbox = { path: '/v1/payments', apiKey };
  ids['paidPayment'] = String((await make({ ...ofSandbox, body: paid }))['id']);
  const refunded = { payment: ids['paidPayment'], amount: '1' };
  ids['refund'] = String((await make({ ...ofSandbox, path: '/v1/refunds', body: refunded }))['id']);
  await make({ ...ofSandbox, body: { ...paid, payment_method: 'pm_card_bypassPending' } });
  const party = { ...ofSandbox, path: '/v1/connected_accounts', body: newAccount };
  for (const name of ['party', 'closedParty']) ids[name] = String((await make(party))['id']);
  await make({ ...ofSandbox, path: `/v1/connected_accounts/${ids['closedParty']}/close` });
  Object.assign(ids, await openCharges(make, paid, ids, apiKey));
  const ours = { id: 'us', role: 'platform', account: 'platform' };
  const parties = [
    { ...ours, remainder: true },
    { ...ours, id: 'fee', fixed_amount: '30' },
  ];
  const rule = { ...ofSandbox, path: '/v1/split_rules', body: { name: 'x', parties } };
  ids['splitRule'] = String((await make(rule))['id']);
  Object.assign(ids, await openSplits(make, paid, ids, apiKey));
  const moved = { amount: '2', currency: 'USD', destination: ids['party'] };
  const moving = { ...ofSandbox, path: '/v1/transfers', body: moved };
  for (const name of ['transfer', 'reversedTransfer']) ids[name] = String((await make(moving))['id']);
  await make({ ...ofSandbox, path: `/v1/transfers/${ids['reversedTransfer']}/reversals` });
  const out = { ...ofSandbox, path: '/v1/payouts', body: { amount: '1', currency: 'USD' } };
  ids['payout'] = String((await make(out))['id']);
  await make({ ...ofSandbox, path: `/v1/payouts/${ids['payout']}/cancel`, body: {} });
  const acting = { ...paid, payment_method: 'pm_card_threeDSecure2Required' };
  ids['actionPayment'] = String((await make({ ...ofSandbox, body: acting }))['id']);
  const waiting = { amount: '100', currency: 'USD', customer: ids['otherPayer'] };
  ids['waitingPayment'] = String((await make({ ...ofSandbox, body: waiting }))['id']);
  const euros = { amount: '100', currency: 'EUR', rail: 'bank_transfer' };
  ids['euroPayment'] = String((await make({ ...ofSandbox, body: euros }))['id']);
  const nobody = { amount: 5_000, iban: '' };
  const file = statementXml({
    ...{ currency: 'EUR', iban: bankAccount.iban, id: 'BOOKS', opening: 0 },
    entries: [{ amount: 4_000 }, nobody],
  });
  const xml = { 'content-type': 'application/xml' };
  await make({ ...ofSandbox, path: '/v1/bank_statements', body: file, headers: xml });
  const parked = await make({ ...ofSandbox, method: 'GET', path: '/v1/bank_statement_lines' });
  const lines = parked['data'] as readonly { readonly id: string; readonly statement: string }[];
  ids['bankStatement'] = lines[0]?.statement ?? '';
  for (const [at, name] of ['parkedLine', 'returnedLine'].entries()) ids[name] = lines[at]?.id ?? '';
  await make({ ...ofSandbox, path: `/v1/bank_statement_lines/${ids['returnedLine']}/return` });
  const authorized = { ...paid, capture_method: 'manual' };
  ids['heldPayment'] = String((await make({ ...ofSandbox, body: authorized }))['id']);
  Object.assign(ids, await openConversions(make, apiKey));
  Object.assign(ids, await openGone(make, ofSandbox.apiKey));
  Object.assign(ids, await openDisputes(make, paid, ofSandbox.apiKey));
  await delay(1_500);
  return { ledger, ids, weakKeys, sandboxKey: apiKey };
}

/** A payment whose customer is deleted, and a transfer whose money was paid out. */
async function openGone(
  make: (request: HttpRequest) => Promise<Readonly<Record<string, unknown>>>,
  apiKey: string,
): Promise<Readonly<Record<string, string>>> {
  const id = async (path: string, body: object, headers = {}): Promise<string> =>
    String((await make({ path: `/v1/${path}`, apiKey, body, headers }))['id']);
  const money = { amount: '2', currency: 'USD' };
  const customer = await id('customers', {});
  const orphanedPayment = await id('payments', { ...money, customer });
  await make({ method: 'DELETE', path: `/v1/customers/${customer}`, apiKey });
  const capabilities = { payouts: { requested: true } };
  const destination = await id('connected_accounts', { ...newAccount, capabilities });
  await id(`connected_accounts/${destination}/requirements`, given);
  const atOnce = { confirm: true, payment_method: 'pm_card_bypassPending' };
  await id('payments', { ...money, ...atOnce, amount: '1000' });
  const spentTransfer = await id('transfers', { ...money, destination });
  await id('payouts', money, { 'Connected-Account': destination });
  return { orphanedPayment, spentTransfer };
}

/** A rate of 10, and quotes: one that expires before it is asked for, and one that was used. */
async function openConversions(
  make: (request: HttpRequest) => Promise<Readonly<Record<string, unknown>>>,
  apiKey: string,
): Promise<Readonly<Record<string, string>>> {
  const id = async (path: string, body: object): Promise<string> =>
    String((await make({ path: `/v1/fx/${path}`, apiKey, body }))['id']);
  const rate = await id('rates', { base: 'EUR', quote: 'USD', bid: '10', ask: '10', source: 'x' });
  const quoted = (amount: string, currency: string, to: string): Promise<string> =>
    id('quotes', { from: { amount, currency }, to });
  const usedQuote = await quoted('10', 'USD', 'EUR');
  const conversion = await id('conversions', { quote: usedQuote });
  return { rate, usedQuote, conversion, unusedQuote: await quoted('10', 'USD', 'EUR') };
}

const newAccount = { type: 'individual', country: 'DE', default_currency: 'EUR', capabilities: {} };
export const bankAccount = { iban: 'DE89370400440532013000', account_holder: 'x' };

/** Two disputes of split payments, of which one is over. The clock of the sandbox is a day further then. */
async function openDisputes(
  make: (request: HttpRequest) => Promise<Readonly<Record<string, unknown>>>,
  paid: object,
  apiKey: string,
): Promise<Record<string, string>> {
  const splits = [{ id: 'us', role: 'platform', account: 'platform', remainder: true }];
  const body = { ...paid, payment_method: 'pm_card_createDispute', splits };
  const splitIds = new Map<unknown, string>();
  for (let n = 0; n < 2; n += 1) {
    const { id, split } = await make({ path: '/v1/payments', apiKey, body });
    splitIds.set(id, String(split));
  }
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  await make({ path: '/v1/clock', method: 'PUT', apiKey, body: { time: inMs(1_000) } });
  await make({ path: '/v1/clock/advance', apiKey, body: { to: inMs(90_000_000) } });
  await make({ path: '/v1/clock', method: 'DELETE', apiKey });
  const listed = (await make({ path: '/v1/disputes', method: 'GET', apiKey }))['data'];
  const [over, open] = listed as readonly { readonly id: string; readonly payment: string }[];
  const [dispute, disputedPayment] = [over?.id ?? '', over?.payment ?? ''];
  await make({ path: `/v1/disputes/${dispute}/accept`, apiKey, body: {} });
  const [lostSplit = '', openSplit = ''] = [over, open].map((one) => splitIds.get(one?.payment));
  return { dispute, openDispute: open?.id ?? '', disputedPayment, lostSplit, openSplit };
}

const given = {
  individual: {
    ...{ first_name: 'x', last_name: 'x', birth_date: '1990-01-31' },
    address: { line1: 'x', city: 'x', postal_code: '1', country: 'DE' },
  },
  bank_account: bankAccount,
  tos_acceptance: { accepted: true },
};

/** Payments of connected accounts that wait, are authorized, or are of somebody who may have none any more. */
async function openCharges(
  make: (request: HttpRequest) => Promise<Readonly<Record<string, unknown>>>,
  paid: object,
  { party }: Readonly<Record<string, string>>,
  apiKey: string,
): Promise<Record<string, string>> {
  const idOf = async (path: string, body: object): Promise<string> =>
    String((await make({ path, body, apiKey }))['id']);
  const pay = (more: object) => idOf('/v1/payments', { ...paid, ...more });
  const whole = { transfer_data: { destination: party }, application_fee_amount: '60' };
  const part = { transfer_data: { destination: party, amount: '60' } };
  const capabilities = { payments: { requested: true } };
  const suspended = await idOf('/v1/connected_accounts', { ...newAccount, capabilities });
  const account = { path: `/v1/connected_accounts/${suspended}`, apiKey };
  await make({ ...account, path: `${account.path}/requirements`, body: given });
  const waiting = { confirm: false };
  const held = { capture_method: 'manual' };
  const ids = {
    ownPayment: await pay({ ...waiting, connected_account: suspended }),
    givenPayment: await pay({ ...waiting, transfer_data: { destination: suspended } }),
    feePayment: await pay({ ...waiting, ...whole }),
    partPayment: await pay({ ...waiting, ...part }),
    heldFeePayment: await pay({ ...held, ...whole }),
    heldPartPayment: await pay({ ...held, ...part }),
    givenAway: await pay(whole),
    suspendedParty: suspended,
  };
  await make({ ...account, path: `${account.path}/suspend` });
  return ids;
}

/** Payments that are split by a rule with a fixed amount of 30, one that is not, and a rule of another currency. */
async function openSplits(
  make: (request: HttpRequest) => Promise<Readonly<Record<string, unknown>>>,
  paid: object,
  { splitRule: split_rule }: Readonly<Record<string, string>>,
  apiKey: string,
): Promise<Record<string, string>> {
  const pay = (more: object) => make({ path: '/v1/payments', body: { ...paid, ...more }, apiKey });
  const idOf = async (more: object): Promise<string> => String((await pay(more))['id']);
  const parties = [{ id: 'us', role: 'platform', account: 'platform', remainder: true }];
  const eur = { path: '/v1/split_rules', apiKey, body: { name: 'x', currency: 'EUR', parties } };
  return {
    eurRule: String((await make(eur))['id']),
    split: String((await pay({ split_rule }))['split']),
    splitPayment: await idOf({ split_rule, confirm: false }),
    heldSplitPayment: await idOf({ split_rule, capture_method: 'manual' }),
    unsplitPayment: await idOf({}),
  };
}
