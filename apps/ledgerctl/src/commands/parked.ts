import type { Command } from 'commander';
import type { ParkedView } from '@fintech-ledger/projection-runtime';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { withApi } from '../options';

/** `ledgerctl parked`: events that a reader could not take. */
export function parkedCommand(parent: Command, environment: () => Environment): void {
  const parked = parent
    .command('parked')
    .description('list, retry and discard the events that a reader could not take')
    .exitOverride();
  parked
    .command('list')
    .description('list them, newest first, each with the reason and what to do')
    .option('--state <state>', 'only those: halted, parked, sent or discarded (default: halted and parked)')
    .option('--reader <name>', 'only those of this read model, outbox or relay')
    .exitOverride()
    .action((options: { readonly state?: string; readonly reader?: string }, command: Command) =>
      withApi(command, environment, async (api) => {
        for await (const each of api.list<ParkedView>('/v1/parked', { ...options })) say(each);
      }),
    );
  parked
    .command('retry <id>')
    .description('try it again now')
    .exitOverride()
    .action((id: string, _options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        const tried = await api.json<ParkedView>(`${pathOf(id)}/retry`, { method: 'POST' });
        say(tried);
        if (tried.state === 'parked') throw new Failure(tried.reason, 1);
      }),
    );
  parked
    .command('discard <id>')
    .description('discard it: its receiver is never told of it')
    .requiredOption('--reason <text>', 'why, which is recorded')
    .exitOverride()
    .action((id: string, { reason }: { readonly reason: string }, command: Command) =>
      withApi(command, environment, async (api) => {
        say(await api.send<ParkedView>('POST', `${pathOf(id)}/discard`, { reason }));
      }),
    );
}

const pathOf = (id: string): string => `/v1/parked/${encodeURIComponent(id)}`;

/** Tabs and line breaks are within no field but the reason. */
function say({ id, state, reader, stream, revision, reason, advice }: ParkedView): void {
  const text = (value: string): string => value.replaceAll(/\s+/g, ' ');
  console.log([id, state, reader, `${stream}@${revision}`, text(reason), text(advice)].join('\t'));
}
