import type { Command } from 'commander';
import type { TrialBalanceView } from '@fintech-ledger/ledger';
import { formatMinor } from '@fintech-ledger/books/formats';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { exponentsOf } from '../exponents';
import { withApi } from '../options';

type Line = TrialBalanceView['data'][number];

interface BalancesOptions {
  readonly ledger: string;
  readonly prefix: string;
  readonly asOf?: string;
  readonly all?: boolean;
}

/** `ledgerctl balances`: each account's posted debits less credits, in whole units. */
export function balancesCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('balances')
    .description('print what each account holds, debits less credits')
    .requiredOption('--ledger <id>', 'the ledger')
    .option('--prefix <prefix>', 'only accounts whose address begins so', '')
    .option('--as-of <moment>', 'a time, or a position <ledger>@<revision>')
    .option('--all', 'also accounts that hold nothing')
    .action((options: BalancesOptions, command: Command) =>
      withApi(command, environment, (api) => printBalances(api, options)),
    );
}

async function printBalances(api: ApiClient, { ledger, prefix, asOf, all }: BalancesOptions): Promise<void> {
  const exponentOf = exponentsOf(api);
  const sums = new Map<string, bigint>();
  const path = `/v1/ledgers/${encodeURIComponent(ledger)}/trial-balance`;
  for await (const { account, currency, debits, credits } of api.list<Line>(path, { as_of: asOf })) {
    const balance = BigInt(debits) - BigInt(credits);
    sums.set(currency, (sums.get(currency) ?? 0n) + balance);
    if (!account.startsWith(prefix) || (balance === 0n && all !== true)) continue;
    const amount = formatMinor(balance, await exponentOf(currency));
    console.log(`${amount.padStart(24)} ${currency.padEnd(8)} ${account}`);
  }
  const off = [...sums].filter(([, sum]) => sum !== 0n).map(([currency]) => currency);
  if (off.length > 0) throw new Failure(`debits and credits differ in ${off.join(', ')}`, 1);
}
