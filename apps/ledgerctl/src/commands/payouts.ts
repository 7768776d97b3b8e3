import type { PayoutView } from '@fintech-ledger/payments/domain';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { keyed, sendKeyed } from '../keyed';
import type { KeyedOptions } from '../keyed';
import { moneyOf } from '../money';
import { actingAsAccount, withApi } from '../options';
import { addReads } from '../object-reads';
import type { MakeCommand, Run } from '../object-reads';

interface CreateOptions extends KeyedOptions {
  readonly amount: string;
  readonly currency: string;
  readonly bankAccount?: string;
}

/** `ledgerctl payouts list|show|history|create|cancel`. */
export function payoutsCommand(parent: Command, environment: () => Environment): void {
  const payouts = actingAsAccount(parent.command('payouts'))
    .description('payouts, and what becomes of them; amounts are given in minor units')
    .exitOverride();
  const command: MakeCommand = (name, description) =>
    payouts.command(name).description(description).exitOverride();
  const run: Run = (self, action) => withApi(self, environment, action);

  command('list', 'list payouts, newest first')
    .option('--status <status>', 'only those with this status')
    .action(({ status }: { status?: string }, self: Command) => run(self, (api) => listPayouts(api, status)));
  addReads(command, run, 'payout', pathOf);
  keyed(command('create', 'pay out what is available, or a part of it'))
    .requiredOption('--amount <minor units>', 'what is to be paid out')
    .requiredOption('--currency <code>', 'ISO 4217')
    .option('--bank-account <id>', 'where to')
    .action((options: CreateOptions, self: Command) => run(self, (api) => createPayout(api, options)));
  keyed(command('cancel', 'cancel a payout that is pending'))
    .argument('<payout>', 'its id')
    .action((id: string, options: KeyedOptions, self: Command) =>
      run(self, async (api) => print(api, await sendKeyed(api, `${pathOf(id)}/cancel`, {}, options))),
    );
}

const pathOf = (id: string): string => `/v1/payouts/${encodeURIComponent(id)}`;

async function listPayouts(api: ApiClient, status: string | undefined): Promise<void> {
  const money = moneyOf(api);
  for await (const payout of api.list<PayoutView>('/v1/payouts', { status })) await print(api, payout, money);
}

async function createPayout(api: ApiClient, options: CreateOptions): Promise<void> {
  const { amount, bankAccount, currency } = options;
  const body = { amount, currency, ...(bankAccount !== undefined && { bank_account: bankAccount }) };
  await print(api, await sendKeyed<PayoutView>(api, '/v1/payouts', body, options));
}

async function print(api: ApiClient, payout: PayoutView, money = moneyOf(api)): Promise<void> {
  const { amount, created_at, currency, id, status } = payout;
  console.log([created_at, id, status, await money(amount, currency)].join('\t'));
}
