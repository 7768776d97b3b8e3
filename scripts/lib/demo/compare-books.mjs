const day = 86_400_000;

/**
 * Whether the books of a sandbox agree with each other, and with what the rail reports: the trial balance balances,
 * each owner's balance is the sum of its balance transactions, all owners together have what their accounts hold, and
 * what is booked of the rail is what it says that it settles, with the fees that it takes.
 * @param {import('./client.mjs').DemoClient} client
 * @param {readonly { id: string }[]} accounts
 * @param {number} days how long they were at it: what the rail reports is compared day by day
 * @returns {Promise<{ currency: string, volume: bigint, owners: bigint }[]>}
 * @throws Error that names what differs
 */
export async function compareBooks(client, accounts, days) {
  await compareSettlements(client, days);
  const ledger = (await client.read('/v1/payments_ledger')).id;
  const held = await heldByOwners(client, ledger);
  /** @type {Map<string, bigint>} */
  const owners = new Map();
  for (const as of [undefined, ...accounts.map(({ id }) => id)]) {
    const said = sumsOf(await client.read('/v1/balance', { as }));
    const lines = await netOf(client, as);
    for (const currency of new Set([...said.keys(), ...lines.keys()])) {
      const [balance, net] = [said.get(currency) ?? 0n, lines.get(currency) ?? 0n];
      if (balance !== net)
        throw new Error(
          `${as ?? 'the platform'}: the balance is ${balance} ${currency}, its lines are ${net}`,
        );
      owners.set(currency, (owners.get(currency) ?? 0n) + balance);
    }
  }
  return [...held].map(([currency, { debits, owned }]) => {
    if (owned !== (owners.get(currency) ?? 0n))
      throw new Error(
        `the accounts of owners hold ${owned} ${currency}, their balances are ${owners.get(currency)}`,
      );
    return { currency, volume: debits, owners: owned };
  });
}

/**
 * @param {import('./client.mjs').DemoClient} client
 * @param {number} days
 */
async function compareSettlements(client, days) {
  const end = Date.parse((await client.read('/v1/clock')).time);
  let lines = 0;
  for (let to = end; to > end - days * day; to -= day) {
    const window = { from: new Date(to - day).toISOString(), to: new Date(to).toISOString() };
    const { data } = await client.read(`/v1/reconciliation?${new URLSearchParams(window)}`);
    for (const { booked, currency, differences, differences_total: count, rail, reported } of data) {
      if (count > 0)
        throw new Error(`${rail} and the books differ in ${currency}: ${JSON.stringify(differences[0])}`);
      if (booked.net !== reported.net)
        throw new Error(`${rail} reports ${reported.net} ${currency}, booked is ${booked.net}`);
      lines += reported.lines;
    }
  }
  if (lines === 0) throw new Error('the rail reports nothing');
}

/**
 * Per currency: all that was booked, and what the accounts below `payments:platform:` and `payments:accounts:` hold for
 * their owners.
 * @param {import('./client.mjs').DemoClient} client
 * @param {string} ledger
 */
async function heldByOwners(client, ledger) {
  /** @type {Map<string, { debits: bigint, owned: bigint }>} */
  const held = new Map();
  const ofOwner = /^payments:(?:platform|accounts:[^:]+):(?:pending|available|reserved):/;
  for (let cursor; cursor !== null;) {
    const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const page = await client.read(`/v1/ledgers/${ledger}/trial-balance?${query}`);
    for (const { account, currency, debits, credits } of page.data) {
      const sums = held.get(currency) ?? { debits: 0n, owned: 0n };
      sums.debits += BigInt(debits);
      if (ofOwner.test(account)) sums.owned += BigInt(credits) - BigInt(debits);
      held.set(currency, sums);
    }
    for (const { currency, debits, credits } of page.totals ?? [])
      if (debits !== credits)
        throw new Error(`the books do not balance: ${debits} and ${credits} ${currency}`);
    cursor = page.next_cursor;
  }
  return held;
}

/** @param {any} balance */
function sumsOf(balance) {
  /** @type {Map<string, bigint>} */
  const sums = new Map();
  for (const part of ['available', 'pending', 'reserved'])
    for (const { amount, currency } of balance[part])
      sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
  return sums;
}

/**
 * @param {import('./client.mjs').DemoClient} client
 * @param {string | undefined} as
 */
async function netOf(client, as) {
  /** @type {Map<string, bigint>} */
  const sums = new Map();
  for await (const { currency, net } of client.list('/v1/balance_transactions', { as }))
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(net));
  return sums;
}
