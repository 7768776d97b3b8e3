import type { Command } from 'commander';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { withApi } from '../options';

interface Step {
  readonly event: { readonly type: string; readonly revision: number };
  readonly recorded_at: string;
  readonly actor: string;
  readonly request: { readonly id: string };
  readonly entries: readonly {
    readonly direction: string;
    readonly amount: string;
    readonly currency: string;
    readonly effect: string;
    readonly transaction: string | null;
  }[];
  readonly balance: { readonly posted: { readonly balance: string }; readonly available: string } | null;
}

interface ReplayOptions {
  readonly ledger: string;
  readonly account: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/** `ledgerctl replay`: the history of an account, event by event. */
export function replayCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('replay')
    .description(
      "step through an account's history: each event, its entries, the balance after it, who caused it",
    )
    .requiredOption('--ledger <id>', 'the ledger')
    .requiredOption('--account <address>', 'the account')
    .option('--as-of <moment>', 'up to a time of recording, or a position <ledger>@<revision>')
    .option('--json', 'one JSON object a line')
    .action((options: ReplayOptions, command: Command) =>
      withApi(command, environment, (api) => printReplay(api, options)),
    );
}

async function printReplay(api: ApiClient, { ledger, account, asOf, json }: ReplayOptions): Promise<void> {
  const path = `/v1/ledgers/${encodeURIComponent(ledger)}/accounts/${encodeURIComponent(account)}/replay`;
  for await (const step of api.list<Step>(path, { as_of: asOf })) {
    if (json === true) {
      console.log(JSON.stringify(step));
      continue;
    }
    const { event, recorded_at, actor, request, entries, balance } = step;
    console.log(`${event.revision}  ${recorded_at}  ${event.type}  by ${actor} (${request.id})`);
    for (const { direction, amount, currency, effect, transaction } of entries)
      console.log(`    ${direction.padEnd(6)} ${amount} ${currency}  ${effect}  ${transaction ?? ''}`);
    if (balance !== null)
      console.log(`    balance ${balance.posted.balance}, available ${balance.available} (minor units)`);
  }
}
