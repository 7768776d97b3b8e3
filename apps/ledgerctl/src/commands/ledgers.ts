import type { Command } from 'commander';
import type { LedgerView } from '@fintech-ledger/access/domain';
import type { Environment } from '../environment';
import { withApi } from '../options';

/** `ledgerctl ledgers`: the ledgers of the API key's organization. */
export function ledgersCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('ledgers')
    .description('list the ledgers, newest first')
    .action((_options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        for await (const { id, name, created_at } of api.list<LedgerView>('/v1/ledgers')) {
          console.log(`${id}\t${created_at}\t${name}`);
        }
      }),
    );
}
