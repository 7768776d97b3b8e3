import type { PaymentView, RefundView } from '@fintech-ledger/payments/domain';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { keyed, metadataOf, sendKeyed } from '../keyed';
import type { KeyedOptions } from '../keyed';
import { moneyOf } from '../money';
import { actingAsAccount, withApi } from '../options';
import { addReads } from '../object-reads';
import type { MakeCommand, Run } from '../object-reads';

interface ListOptions {
  readonly status?: string;
  readonly customer?: string;
  readonly from?: string;
  readonly to?: string;
}
interface CreateOptions extends KeyedOptions {
  readonly amount: string;
  readonly currency: string;
  readonly paymentMethod?: string;
  readonly customer?: string;
  readonly description?: string;
  readonly manualCapture?: boolean;
  readonly unconfirmed?: boolean;
  readonly metadata?: readonly string[];
}
interface RefundOptions extends KeyedOptions {
  readonly amount?: string;
  readonly reason?: string;
}

/** `ledgerctl payments list|show|history|create|confirm|capture|cancel|refund`. */
export function paymentsCommand(parent: Command, environment: () => Environment): void {
  const payments = actingAsAccount(parent.command('payments'))
    .description('payments, and what becomes of them; amounts are given in minor units')
    .exitOverride();
  const command: MakeCommand = (name, description) =>
    payments.command(name).description(description).exitOverride();
  const run: Run = (self, action) => withApi(self, environment, action);

  command('list', 'list payments, newest first')
    .option('--status <status>', 'only those with this status')
    .option('--customer <id>', 'only those of this customer')
    .option('--from <time>', 'only those made from this time on')
    .option('--to <time>', 'only those made before this time')
    .action((options: ListOptions, self: Command) => run(self, (api) => listPayments(api, options)));
  addReads(command, run, 'payment', pathOf);
  addCommands(command, run);
}

function addCommands(command: MakeCommand, run: Run): void {
  keyed(command('create', 'create a payment, and confirm it'))
    .requiredOption('--amount <minor units>', 'what is to be paid')
    .requiredOption('--currency <code>', 'ISO 4217')
    .option('--payment-method <id>', 'what it is paid with, such as pm_card_visa in a sandbox')
    .option('--customer <id>', 'who pays')
    .option('--description <text>', 'what it is for')
    .option('--manual-capture', 'authorize it only; `capture` takes the money')
    .option('--unconfirmed', 'create it only')
    .option('--metadata <key=value...>', 'your own keys and values')
    .action((options: CreateOptions, self: Command) => run(self, (api) => createPayment(api, options)));
  const act = (name: 'cancel' | 'confirm', description: string): void => {
    keyed(command(name, description))
      .argument('<payment>', 'its id')
      .action((id: string, options: KeyedOptions, self: Command) =>
        run(self, (api) => actOn(api, id, name, {}, options)),
      );
  };
  act('confirm', 'confirm a payment that was only created');
  act('cancel', 'cancel a payment that was not captured');
  keyed(command('capture', 'take the money of a payment that is authorized'))
    .argument('<payment>', 'its id')
    .option('--amount <minor units>', 'a part of it; the rest is released')
    .action((id: string, { amount, ...options }: KeyedOptions & { amount?: string }, self: Command) =>
      run(self, (api) =>
        actOn(api, id, 'capture', amount === undefined ? {} : { amount_to_capture: amount }, options),
      ),
    );
  keyed(command('refund', 'give a payment back, or a part of it'))
    .argument('<payment>', 'its id')
    .option('--amount <minor units>', 'a part of it (default: what is left)')
    .option('--reason <reason>', 'why')
    .action((id: string, options: RefundOptions, self: Command) =>
      run(self, (api) => refund(api, id, options)),
    );
}

const pathOf = (id: string): string => `/v1/payments/${encodeURIComponent(id)}`;

async function listPayments(api: ApiClient, options: ListOptions): Promise<void> {
  const money = moneyOf(api);
  const { customer, from, status, to } = options;
  for await (const payment of api.list<PaymentView>('/v1/payments', { customer, from, status, to }))
    console.log(await lineOf(payment, money));
}

async function lineOf(payment: PaymentView, money: ReturnType<typeof moneyOf>): Promise<string> {
  const { amount, amount_refunded, created_at, currency, description, id, status } = payment;
  const refunded = amount_refunded === '0' ? '' : `${await money(amount_refunded, currency)} refunded`;
  return [created_at, id, status, await money(amount, currency), refunded, description ?? ''].join('\t');
}

async function createPayment(api: ApiClient, options: CreateOptions): Promise<void> {
  const { amount, currency, customer, description, manualCapture, metadata, paymentMethod, unconfirmed } =
    options;
  const body = {
    ...{ amount, currency, confirm: unconfirmed !== true },
    capture_method: manualCapture === true ? 'manual' : 'automatic',
    ...(paymentMethod !== undefined && { payment_method: paymentMethod }),
    ...(customer !== undefined && { customer }),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata: metadataOf(metadata) }),
  };
  console.log(await lineOf(await sendKeyed<PaymentView>(api, '/v1/payments', body, options), moneyOf(api)));
}

async function actOn(
  api: ApiClient,
  id: string,
  what: 'cancel' | 'capture' | 'confirm',
  body: object,
  options: KeyedOptions,
): Promise<void> {
  const payment = await sendKeyed<PaymentView>(api, `${pathOf(id)}/${what}`, body, options);
  console.log(await lineOf(payment, moneyOf(api)));
}

async function refund(api: ApiClient, payment: string, options: RefundOptions): Promise<void> {
  const { amount, reason } = options;
  const body = { payment, ...(amount !== undefined && { amount }), ...(reason !== undefined && { reason }) };
  const made = await sendKeyed<RefundView>(api, '/v1/refunds', body, options);
  console.log(
    [made.created_at, made.id, made.status, await moneyOf(api)(made.amount, made.currency)].join('\t'),
  );
}
