/** Draws for random files. */
export interface Draw {
  below(n: number): number;
  of<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

const pair = (from: string, to: string, amount: string, currency: string) => [
  { account: from, direction: 'debit', amount, currency },
  { account: to, direction: 'credit', amount, currency },
];

/** Lines of transactions of which many rest on those before them; some are wrong. Accounts a, b and c, some bounded. */
export function randomTransactions(draw: Draw, count: number): string {
  const account = (): string => draw.of(draw.chance(0.05) ? ['nobody'] : ['a', 'b', 'c']);
  const line = (): string => {
    if (draw.chance(0.03)) return '{"entries":';
    const amount = String(1 + draw.below(40));
    return JSON.stringify({
      entries: pair(account(), account(), amount, draw.chance(0.05) ? 'EUR' : 'USD'),
      ...(draw.chance(0.3) && { reference: `r${draw.below(5)}` }),
      ...(draw.chance(0.2) && { pending: true }),
      ...(draw.chance(0.1) && { preconditions: [{ account: 'b', available: { gte: amount } }] }),
      ...(draw.chance(0.1) && { effective_at: '2024-01-01T00:00:00.000Z' }),
    });
  };
  return `${Array.from({ length: count }, line).join('\n')}\n`;
}

/** Transactions that open accounts and declare units; some are there twice, some are wrong. */
export function randomCsv(draw: Draw, run: number): string {
  const lines = ['transaction,date,account,amount,unit'];
  const account = (): string => draw.of(['assets:a0', 'assets:a1', 'equity:b', 'income:c', 'nonsense:d']);
  for (let i = 0; i < 25; i += 1) {
    const unit = draw.of(['USD', 'EUR', `T${run}.X`, `T${run}.Y`, 'XAU']);
    const amount = `${draw.below(30)}.${draw.of(['00', '50', '5', '123'])}`;
    const day = `2024-01-0${1 + draw.below(9)}`;
    const number = draw.chance(0.2) ? Math.max(i - 1, 0) : i;
    lines.push(`${number},${day},${account()},${amount},${unit}`);
    lines.push(`${number},${day},${account()},-${draw.chance(0.1) ? '1.00' : amount},${unit}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Records as exports have them, of which many rest on those before them; some on what is not there. */
export function randomRecords(draw: Draw, count: number, run: number): string {
  const unit = `R${run}.X`;
  const account = (): string => `a${draw.below(4)}`;
  const currencyOf = (address: string): string => (address === 'a3' ? unit : 'USD');
  const metadata = {};
  const transactions: string[] = [];
  const known = (): string =>
    transactions.length > 0 && draw.chance(0.9) ? draw.of(transactions) : 'txn_none';
  const terms = (address: string) => ({
    ...{ address, type: draw.chance(0.9) ? 'asset' : 'liability', currency: currencyOf(address), metadata },
    ...{ min_balance: draw.chance(0.3) ? '0' : null, max_balance: draw.chance(0.1) ? '100' : null },
  });
  const entries = () => {
    const from = account();
    return pair(from, account(), String(1 + draw.below(50)), currencyOf(from));
  };
  const make: readonly (() => object)[] = [
    () => ({ object: 'unit', code: unit, exponent: draw.chance(0.9) ? 2 : 3, name: unit }),
    () => ({ object: 'account', ...terms(account()) }),
    () => ({ object: 'account', ...terms(account()) }),
    () => ({ object: 'account_amendment', ...terms(account()), metadata: { n: String(draw.below(3)) } }),
    () => ({
      object: draw.of(['account_freeze', 'account_unfreeze', 'account_close', 'account_reopen']),
      address: account(),
    }),
    ...Array.from({ length: 6 }, () => () => {
      const id = `txn_source${transactions.length}`;
      transactions.push(id);
      const pending = draw.chance(0.4);
      const expires =
        pending && draw.chance(0.3)
          ? draw.of(['2024-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'])
          : null;
      const said = { entries: entries(), effective_at: null, metadata, pending, expires_at: expires };
      return {
        object: 'transaction',
        id,
        ...said,
        description: null,
        reference: draw.chance(0.2) ? `r${draw.below(3)}` : null,
      };
    }),
    () => ({ object: 'capture', transaction: known(), entries: entries(), final: draw.chance(0.7) }),
    () => ({ object: draw.of(['void', 'expiry']), transaction: known() }),
    () => ({
      object: 'reversal',
      transaction: known(),
      entries: entries(),
      description: null,
      effective_at: null,
      metadata,
    }),
    () => ({ object: 'period_close', through: `2023-0${1 + draw.below(9)}-01`, reason: 'r' }),
  ];
  const first = [0, 1, 2, 3].map((n) => ({
    object: 'account',
    ...terms(`a${n}`),
    type: 'asset',
    min_balance: null,
  }));
  const some = draw.chance(0.7) ? [{ object: 'unit', code: unit, exponent: 2, name: unit }, ...first] : [];
  const records = [...some, ...Array.from({ length: count }, () => draw.of(make)())];
  if (draw.chance(0.5)) records.push(...records.slice(5, 12));
  return `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
}
