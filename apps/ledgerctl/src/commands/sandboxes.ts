import type { Command } from 'commander';
import type { SandboxView } from '@fintech-ledger/access/domain';
import type { Environment } from '../environment';
import { withApi } from '../options';

/** `ledgerctl sandboxes [--create <name>]`: the sandboxes of the API key's organization. */
export function sandboxesCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('sandboxes')
    .description('list the sandboxes, newest first, or create one and show its API key')
    .option('--create <name>', 'create a sandbox of this name')
    .action(({ create }: { create?: string }, command: Command) =>
      withApi(command, environment, async (api) => {
        if (create !== undefined) {
          const { id, api_key } = await api.send<{ id: string; api_key: string }>('POST', '/v1/sandboxes', {
            name: create,
          });
          console.log(`${id}\t${api_key}`);
          return;
        }
        for await (const { id, name, created_at } of api.list<SandboxView>('/v1/sandboxes'))
          console.log(`${id}\t${created_at}\t${name}`);
      }),
    );
}
