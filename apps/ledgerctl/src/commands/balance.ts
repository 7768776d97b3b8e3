import type { BalanceTransactionView, BalanceView } from '@fintech-ledger/payments/domain';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { moneyOf } from '../money';
import { actingAsAccount, withApi } from '../options';

interface LinesOptions {
  readonly currency?: string;
  readonly from?: string;
  readonly source?: string;
  readonly to?: string;
  readonly type?: string;
}

const buckets = ['available', 'pending', 'reserved', 'in_transit'] as const;

/** `ledgerctl balance` of payments, and `ledgerctl balance-transactions`, which explain it. */
export function balanceCommand(parent: Command, environment: () => Environment): void {
  actingAsAccount(parent.command('balance'))
    .description(
      'what payments have brought and payouts have not taken: available, pending, reserved, in transit',
    )
    .option('--as-of <moment>', 'a time, or a position <ledger>@<revision>')
    .action(({ asOf }: { asOf?: string }, self: Command) =>
      withApi(self, environment, (api) => printBalance(api, asOf)),
    );
  actingAsAccount(parent.command('balance-transactions'))
    .description('list the lines whose nets are the balance, newest first')
    .option('--source <id>', 'only those of this payment, refund, payout, dispute or transfer')
    .option('--type <type>', 'only those of this type')
    .option('--currency <code>', 'only those in this currency')
    .option('--from <time>', 'only those made from this time on')
    .option('--to <time>', 'only those made before this time')
    .action((options: LinesOptions, self: Command) =>
      withApi(self, environment, (api) => printLines(api, options)),
    )
    .exitOverride();
}

async function printBalance(api: ApiClient, asOf: string | undefined): Promise<void> {
  const money = moneyOf(api);
  const balance = await api.json<BalanceView>('/v1/balance', { query: { as_of: asOf } });
  for (const bucket of buckets)
    for (const { amount, currency } of balance[bucket])
      console.log(`${bucket.padEnd(10)} ${(await money(amount, currency)).padStart(24)}`);
}

async function printLines(api: ApiClient, options: LinesOptions): Promise<void> {
  const money = moneyOf(api);
  const { currency, from, source, to, type } = options;
  const query = { currency, from, source, to, type };
  for await (const line of api.list<BalanceTransactionView>('/v1/balance_transactions', query)) {
    const of = (amount: string): Promise<string> => money(amount, line.currency);
    const net = `net ${await of(line.net)}`;
    console.log(
      [line.created_at, line.id, line.type, await of(line.amount), net, line.status, line.source].join('\t'),
    );
  }
}
