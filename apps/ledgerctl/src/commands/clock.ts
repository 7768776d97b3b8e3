import type { Command } from 'commander';
import type { Environment } from '../environment';
import { withApi } from '../options';

/** `ledgerctl clock confirm`: an operator says that the clock of the writers is right. */
export function clockCommand(parent: Command, environment: () => Environment): void {
  const clock = parent.command('clock').description('judge the clock of the writers').exitOverride();
  clock
    .command('confirm')
    .description('say that the clock is right; compare it with another one first')
    .exitOverride()
    .action((_options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        const { confirmed_at } = await api.json<{ confirmed_at: string }>('/v1/clock_confirmations', {
          method: 'POST',
        });
        console.log(`confirmed at ${confirmed_at}`);
      }),
    );
}
