import type { Command } from 'commander';
import type { RebuildView } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { withApi } from '../options';
import { ProgressLine } from '../progress-line';

interface RebuildOptions {
  readonly ledger?: string;
  readonly autoSwap?: boolean;
  readonly wait: boolean;
}

const lookMs = 500;
const running = ['filling', 'catching_up', 'verifying'];
/** What may be done with a rebuild, and in which words. */
const actions = {
  swap: 'have queries read what was made',
  rollback: 'have queries read the old tables again',
  cancel: 'cancel it, if it was not swapped',
  drop: 'drop the old tables that are kept for a rollback',
} as const;

/** `ledgerctl rebuild`: read models are made again of the events, beside the live ones. */
export function rebuildCommand(parent: Command, environment: () => Environment): void {
  const rebuild = parent
    .command('rebuild')
    .description('make read models again of the events, beside the live ones')
    .exitOverride();
  rebuild
    .command('start <projection>')
    .description('begin, and show how far it is')
    .option('--ledger <id>', 'only the rows of this ledger')
    .option('--auto-swap', 'swap it once it is verified, if its rows are those of the live tables')
    .option('--no-wait', 'do not wait for its end')
    .exitOverride()
    .action((projection: string, { ledger, autoSwap = false, wait }: RebuildOptions, command: Command) =>
      withApi(command, environment, async (api) => {
        const asked = { ...(ledger !== undefined && { ledger }), auto_swap: autoSwap };
        const begun = await api.send<RebuildView>('POST', pathOf(projection), asked);
        say(wait ? await watch(api, begun) : begun);
      }),
    );
  rebuild
    .command('watch <projection> [id]')
    .description('show how far a rebuild is, the newest one by default')
    .exitOverride()
    .action((projection: string, id: string | undefined, _options: object, command: Command) =>
      withApi(command, environment, async (api) => say(await watch(api, await find(api, projection, id)))),
    );
  rebuild
    .command('list <projection>')
    .description('list the rebuilds of a read model, newest first')
    .exitOverride()
    .action((projection: string, _options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        for await (const each of api.list<RebuildView>(pathOf(projection))) say(each);
      }),
    );
  for (const [action, description] of Object.entries(actions))
    rebuild
      .command(`${action} <projection> [id]`)
      .description(`${description}; the newest rebuild by default`)
      .exitOverride()
      .action((projection: string, id: string | undefined, _options: object, command: Command) =>
        withApi(command, environment, async (api) => {
          const found = await find(api, projection, id);
          say(await api.json<RebuildView>(`${pathOf(projection, found.id)}/${action}`, { method: 'POST' }));
        }),
      );
}

const pathOf = (projection: string, id?: string): string =>
  `/v1/projections/${encodeURIComponent(projection)}/rebuilds${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** @throws Failure there is none */
async function find(api: ApiClient, projection: string, id: string | undefined): Promise<RebuildView> {
  if (id !== undefined) return api.json<RebuildView>(pathOf(projection, id));
  for await (const newest of api.list<RebuildView>(pathOf(projection))) return newest;
  throw new Failure(`${projection} was never rebuilt.`);
}

/** Shows the progress until it needs nobody, or an operator. */
async function watch(api: ApiClient, begun: RebuildView): Promise<RebuildView> {
  const line = new ProgressLine(`rebuild ${begun.projection}`);
  let rebuild = begun;
  try {
    while (running.includes(rebuild.state) || isPassing(rebuild)) {
      line.show(rebuild.done, rebuild.total ?? undefined, rebuild.state.replaceAll('_', ' '));
      await sleep(lookMs);
      rebuild = await api.json<RebuildView>(pathOf(begun.projection, begun.id));
    }
  } finally {
    line.end();
  }
  return rebuild;
}

/** It is swapped within moments. */
const isPassing = ({ state, auto_swap: isAuto, problem }: RebuildView): boolean =>
  state === 'ready' && isAuto && problem === null;

/** @throws Failure what was made differs from the live tables, or it has failed: exit code 1 */
function say({ id, projection, state, verification, problem }: RebuildView): void {
  const matches = verification?.matches;
  const found =
    matches === undefined ? '' : matches === null ? 'of a new version' : matches ? 'matches' : 'differs';
  console.log([id, projection, state, found].filter((part) => part !== '').join('\t'));
  if (problem !== null) throw new Failure(problem, 1);
}
