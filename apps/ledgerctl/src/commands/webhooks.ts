import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { withApi } from '../options';
import { ProgressLine } from '../progress-line';

interface EndpointLine {
  readonly id: string;
  readonly status: string;
  readonly disabled_because: string | null;
  readonly event_types: readonly string[];
  readonly url: string;
}
interface DeliveryLine {
  readonly id: string;
  readonly created_at: string;
  readonly type: string;
  readonly sequence: number | null;
  readonly status: string;
  readonly attempts_made: number;
  readonly next_attempt_at: string | null;
}
interface ParkedLine {
  readonly event: string | null;
  readonly type: string;
  readonly position: string | null;
  readonly reason: string;
  readonly parked_at: string;
}
interface Replay {
  readonly id: string | null;
  readonly state: string | null;
  readonly total: number;
  readonly sent: number;
  readonly failed: number;
  readonly already_pending: number;
}
interface ReplayOptions {
  readonly from?: string;
  readonly to?: string;
  readonly fromPosition?: string;
  readonly types?: string;
  readonly dryRun?: boolean;
}

const [tailMs, replayMs] = [1_000, 500];
/** Lines that `tail` begins with. */
const tailed = 10;

/** `ledgerctl webhooks list|tail|parked|retry|replay`: endpoints, and what becomes of their messages. */
export function webhooksCommand(parent: Command, environment: () => Environment): void {
  const webhooks = parent
    .command('webhooks')
    .description('webhook endpoints, and what becomes of their messages')
    .exitOverride();
  const command = (name: string, description: string): Command =>
    webhooks.command(name).description(description).exitOverride();

  command('list', 'list the endpoints, newest first').action((_options: object, self: Command) =>
    withApi(self, environment, listEndpoints),
  );
  command('tail', 'show deliveries of an endpoint as they come, until Ctrl-C')
    .argument('<endpoint>', 'its id')
    .option('--no-follow', 'show the last ones, and end')
    .action((endpoint: string, { follow }: { follow: boolean }, self: Command) =>
      withApi(self, environment, (api) => tail(api, endpoint, follow)),
    );
  command('parked', 'list the events of which no message could be made, with the reason')
    .argument('<endpoint>', 'its id')
    .action((endpoint: string, _options: object, self: Command) =>
      withApi(self, environment, (api) => listParked(api, endpoint)),
    );
  command('retry', 'send messages once more, at once')
    .argument('<deliveries...>', 'their ids')
    .action((ids: readonly string[], _options: object, self: Command) =>
      withApi(self, environment, async (api) => {
        for (const id of ids) {
          const { status } = await api.send<DeliveryLine>(
            'POST',
            `/v1/deliveries/${encodeURIComponent(id)}/retry`,
            {},
          );
          console.log(`${id}\t${status}`);
        }
      }),
    );
  command('replay', 'send earlier events to an endpoint, and show how far it is; Ctrl-C leaves it running')
    .argument('<endpoint>', 'its id')
    .option('--from <time>', 'only events that were recorded from this time on')
    .option('--to <time>', 'only events that were recorded before this time')
    .option('--from-position <position>', 'only events of this ledger, from led_…@42 on')
    .option('--types <types>', 'only these types, with commas between: transaction.*,hold.expired')
    .option('--dry-run', 'only count them')
    .action((endpoint: string, options: ReplayOptions, self: Command) =>
      withApi(self, environment, (api) => replay(api, endpoint, options)),
    );
}

async function listEndpoints(api: ApiClient): Promise<void> {
  for await (const one of api.list<EndpointLine>('/v1/webhook_endpoints')) {
    const status = one.disabled_because === null ? one.status : `${one.status} (${one.disabled_because})`;
    console.log([one.id, status, one.event_types.join(','), one.url].join('\t'));
  }
}

async function listParked(api: ApiClient, endpoint: string): Promise<void> {
  const path = `/v1/webhook_endpoints/${encodeURIComponent(endpoint)}/parked_events`;
  for await (const { parked_at, type, event, position, reason } of api.list<ParkedLine>(path))
    console.log([parked_at, type, event ?? '-', position ?? '-', reason].join('\t'));
}

/** A line whenever a delivery is new, or something became of it. */
async function tail(api: ApiClient, endpoint: string, isFollowed: boolean): Promise<void> {
  const path = `/v1/webhook_endpoints/${encodeURIComponent(endpoint)}/deliveries`;
  let shown: ReadonlyMap<string, string> | undefined;
  for (;;) {
    const limit = shown === undefined ? tailed : 100;
    const { data } = await api.json<{ data: DeliveryLine[] }>(path, { query: { limit: String(limit) } });
    const now = new Map(data.map((one) => [one.id, lineOf(one)]));
    for (const [id, line] of [...now].reverse()) if (shown?.get(id) !== line) console.log(line);
    shown = now;
    if (!isFollowed) return;
    await delay(tailMs);
  }
}

function lineOf({
  id,
  created_at,
  type,
  sequence,
  status,
  attempts_made,
  next_attempt_at,
}: DeliveryLine): string {
  const number = sequence === null ? 'test' : `#${sequence}`;
  const next = next_attempt_at === null || attempts_made === 0 ? '' : `, next at ${next_attempt_at}`;
  return [created_at, number, type, id, `${status} (${attempts_made} attempts${next})`].join('\t');
}

async function replay(api: ApiClient, endpoint: string, options: ReplayOptions): Promise<void> {
  const { from, to, fromPosition, types, dryRun } = options;
  const asked = {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fromPosition === undefined ? {} : { from_position: fromPosition }),
    ...(types === undefined ? {} : { event_types: types.split(',').map((type) => type.trim()) }),
    ...(dryRun === true ? { dry_run: true } : {}),
  };
  const path = `/v1/webhook_endpoints/${encodeURIComponent(endpoint)}/replays`;
  let state = await api.send<Replay>('POST', path, asked);
  if (state.id === null) {
    console.log(`${state.total} events`);
    return;
  }
  console.error(`${state.id} is running`);
  const progress = new ProgressLine('replaying');
  try {
    while (state.state === 'running') {
      progress.show(doneOf(state), state.total, state.failed === 0 ? '' : `${state.failed} failed`);
      await delay(replayMs);
      state = await api.json<Replay>(`/v1/replays/${state.id ?? ''}`);
    }
  } finally {
    progress.end();
  }
  console.log(
    `${state.id}\t${state.state}\t${state.sent} sent, ${state.failed} failed, ${state.total} events`,
  );
  if (state.failed > 0 || state.state !== 'done') throw new Failure(`the replay is ${state.state}`, 1);
}

const doneOf = ({ sent, failed, already_pending: pending }: Replay): number => sent + failed + pending;
