import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** Balances as text, `<account> <unit>` to a number without needless zeros; what is zero is not there. */
export type Balances = Readonly<Record<string, string>>;

/** @throws Error naming the packages when they are not there and can't be installed */
export function ensureDebianPackages(...packages: readonly string[]): void {
  const script = path.resolve(__dirname, '../../scripts/lib/debian-packages.mjs');
  const program = `import { ensurePackages } from ${JSON.stringify(script)};
    try { ensurePackages(${JSON.stringify(packages)}); } catch (error) { console.error(error.message); process.exit(1); }`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** Runs a program and returns its standard output. @throws Error with its standard error when it fails */
export function run(program: string, ...parameters: readonly string[]): string {
  return execFileSync(program, parameters, {
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
  });
}

/** The text of a file that a Debian package has, gzipped or not. */
export function packagedFile(name: string, ...packages: readonly string[]): string {
  const files = run('dpkg', '-L', ...packages).split('\n');
  const file = files.find((each) => each.endsWith(`/${name}`) || each.endsWith(`/${name}.gz`));
  if (file === undefined) throw new Error(`${packages.join(', ')} has no ${name}`);
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** As beancount sums them: `str` writes every digit, a plain column is rounded for display. */
export function beancountBalances(file: string): Balances {
  const query = 'select account, currency, str(units(sum(position))) as units group by account, currency';
  const rows = parse(run('bean-query', '-f', 'csv', file, query), { columns: true, trim: true }) as Record<
    'account' | 'currency' | 'units',
    string
  >[];
  return balancesOf(
    rows.map(({ account, currency, units }) => [
      account,
      currency,
      units.replaceAll(/[()]/g, '').split(' ')[0] ?? '',
    ]),
  );
}

export function hledgerBalances(file: string): Balances {
  const text = run('hledger', '-f', file, 'bal', '--flat', '--no-total', '--layout=bare', '-O', 'csv');
  const rows = parse(text, { columns: true }) as Record<'account' | 'commodity' | 'balance', string>[];
  return balancesOf(rows.map(({ account, commodity, balance }) => [account, commodity, balance]));
}

export function balancesOf(rows: readonly (readonly [string, string, string])[]): Balances {
  const named = rows
    .map(([account, unit, amount]) => [`${account} ${unit}`, plainNumber(amount)] as const)
    .filter(([, amount]) => amount !== '0');
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without the accounts through which what was exchanged at a price goes: the source does not have them. */
export function withoutTrading(balances: Balances, root = 'equity:trading:'): Balances {
  return Object.fromEntries(Object.entries(balances).filter(([name]) => !name.startsWith(root)));
}

function plainNumber(text: string): string {
  const number = text.replace(/^(-?\d+),(\d+)$/, '$1.$2') || '0';
  const plain = number.includes('.') ? number.replace(/\.?0+$/, '') : number;
  return plain === '-0' ? '0' : plain;
}
