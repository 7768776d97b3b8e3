import type { Command } from 'commander';
import type { ClockView } from '@fintech-ledger/access/domain';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { withApi } from '../options';

/** `ledgerctl clock`: the clock of a sandbox; `confirm`: an operator says that the clock of the writers is right. */
export function clockCommand(parent: Command, environment: () => Environment): void {
  const clock = parent
    .command('clock')
    .description('set the clock of a sandbox, or judge that of the writers')
    .exitOverride();
  clock
    .command('confirm')
    .description('say that the clock of the writers is right; compare it with another one first')
    .exitOverride()
    .action((_options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        const { confirmed_at } = await api.json<{ confirmed_at: string }>('/v1/clock_confirmations', {
          method: 'POST',
        });
        console.log(`confirmed at ${confirmed_at}`);
      }),
    );
  const ofSandbox = (
    name: string,
    description: string,
    ask: (api: ApiClient, time: string) => Promise<ClockView>,
  ) =>
    clock
      .command(name)
      .description(description)
      .exitOverride()
      .action((time: string | object, _options: object, command?: Command) =>
        withApi(command ?? (_options as Command), environment, async (api) => {
          const { time: shown, frozen } = await ask(api, String(time));
          console.log(`${shown}\t${frozen ? 'frozen' : 'running'}`);
        }),
      );
  ofSandbox('show', 'say what time it is in the sandbox of the API key', (api) => api.json('/v1/clock'));
  ofSandbox('freeze <time>', 'let it stand at a time', (api, time) => api.send('PUT', '/v1/clock', { time }));
  ofSandbox('advance <to>', 'move it to a time, and run what falls due on the way', (api, to) =>
    api.send('POST', '/v1/clock/advance', { to }),
  );
  ofSandbox('release', 'let it go on from where it stands', (api) =>
    api.json('/v1/clock', { method: 'DELETE' }),
  );
}
