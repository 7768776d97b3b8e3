import type { Command } from 'commander';
import type { ApiClient } from './api-client';

interface HistoryLine {
  readonly type: string;
  readonly created_at: string;
  readonly position: string;
  readonly actor: { readonly id: string | null; readonly type: string } | null;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly entries: readonly {
    readonly account: string;
    readonly direction: string;
    readonly amount: string;
    readonly currency: string;
  }[];
}

export type MakeCommand = (name: string, description: string) => Command;
export type Run = (self: Command, action: (api: ApiClient) => Promise<void>) => Promise<void>;

/** `show` and `history` of objects of a kind. */
export function addReads(command: MakeCommand, run: Run, noun: string, pathOf: (id: string) => string): void {
  command('show', `show a ${noun} as JSON, now or as it was`)
    .argument(`<${noun}>`, 'its id')
    .option('--as-of <moment>', 'a time, or a position <ledger>@<revision>')
    .action((id: string, { asOf }: { asOf?: string }, self: Command) =>
      run(self, async (api) => {
        const shown = await api.json(pathOf(id), { query: { as_of: asOf } });
        console.log(JSON.stringify(shown, null, 2));
      }),
    );
  command('history', `what happened to a ${noun}, newest first, with the entries of each event`)
    .argument(`<${noun}>`, 'its id')
    .action((id: string, _options: object, self: Command) =>
      run(self, (api) => printHistory(api, `${pathOf(id)}/history`)),
    );
}

/** What happened to an object: a line for each event, with what it changed, and a line for each of its entries. */
async function printHistory(api: ApiClient, path: string): Promise<void> {
  for await (const { actor, changes, created_at, entries, position, type } of api.list<HistoryLine>(path)) {
    const changed = Object.entries(changes).map(([name, before]) => `${name} was ${JSON.stringify(before)}`);
    console.log(
      [created_at, position, type, `by ${actor?.id ?? actor?.type ?? '-'}`, changed.join(', ')].join('\t'),
    );
    for (const { account, amount, currency, direction } of entries)
      console.log(`    ${direction.padEnd(6)} ${amount} ${currency}  ${account}`);
  }
}
