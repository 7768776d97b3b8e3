import type { Command } from 'commander';
import type { PublicEventView } from '@fintech-ledger/events';
import { newWebhookSecret, signWebhook } from '@fintech-ledger/webhook-verifier';
import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { withApi } from '../options';

interface ListenOptions {
  readonly forwardTo: string;
  readonly events?: string;
  readonly secret?: string;
}

const pollMs = 500;
const forwardMsMax = 20_000;
/** Events are listed by when they were recorded, and may be listed a while after that. */
const lateMsMax = 10_000;

/**
 * `ledgerctl listen --forward-to <url>`: an endpoint that lasts as long as the command. It follows the public events
 * and posts them to a URL of this machine, signed, as the ledger would; nothing is kept, and nothing is sent twice.
 */
export function listenCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('listen')
    .description(
      'send what happens from now on to a URL of this machine, signed like a webhook, until Ctrl-C',
    )
    .requiredOption('--forward-to <url>', 'such as http://localhost:3000/hook')
    .option('--events <types>', 'only these types, with commas between: transaction.*,hold.expired')
    .option('--secret <secret>', 'sign with this secret (whsec_…); else with a new one, which is shown')
    .action((options: ListenOptions, command: Command) =>
      withApi(command, environment, (api) => listen(api, options)),
    );
}

async function listen(
  api: ApiClient,
  { forwardTo, events, secret = newWebhookSecret() }: ListenOptions,
): Promise<void> {
  if (!/^https?:/.test(forwardTo) || !URL.canParse(forwardTo))
    throw new Failure(`'${forwardTo}' is not a URL.`);
  const query = { type: events };
  const isLive = !api.isOfSandbox;
  const seen = new Map<string, number>();
  // What has happened already is not sent.
  for (const { id } of await pageOf(api, query)) seen.set(id, Date.now());
  const newest = (await pageOf(api, query))[0]?.created_at;
  let since = newest === undefined ? Date.now() : Date.parse(newest);
  console.log(`Signing secret: ${secret}`);
  console.log(`Forwarding ${events ?? 'all events'} to ${forwardTo}; Ctrl-C ends it.`);
  for (let sequence = 1; ; await delay(pollMs)) {
    const from = new Date(since - lateMsMax).toISOString();
    const found: PublicEventView[] = [];
    for await (const event of api.list<PublicEventView>('/v1/events', { ...query, from }))
      if (!seen.has(event.id)) found.push(event);
    for (const event of found.reverse()) {
      seen.set(event.id, Date.parse(event.created_at));
      since = Math.max(since, Date.parse(event.created_at));
      console.log(await forward(forwardTo, secret, bodyOf(event, sequence, isLive), event));
      sequence += 1;
    }
    for (const [id, at] of seen) if (at < since - 2 * lateMsMax) seen.delete(id);
  }
}

async function pageOf(
  api: ApiClient,
  query: Readonly<Record<string, string | undefined>>,
): Promise<readonly PublicEventView[]> {
  const page = await api.json<{ data: PublicEventView[] }>('/v1/events', {
    query: { ...query, limit: '100' },
  });
  return page.data;
}

/** As webhooks have it. */
function bodyOf(
  { id, type, created_at, ledger, position, data }: PublicEventView,
  sequence: number,
  livemode: boolean,
): string {
  return JSON.stringify({ id, type, sequence, created_at, ledger, position, livemode, data });
}

/** Sends it once. @returns a line that says what came of it */
async function forward(
  url: string,
  secret: string,
  body: string,
  { id, type }: Pick<PublicEventView, 'id' | 'type'>,
): Promise<string> {
  const begun = performance.now();
  const timestamp = new Date();
  const message = `msg_${hash('sha256', `${id}/listen`, 'hex').slice(0, 40)}`;
  const outcome = await request(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'fintech-ledger',
      ...signWebhook([secret], { id: message, timestamp, body }),
    },
    signal: AbortSignal.timeout(forwardMsMax),
  }).then(
    async (answer) => {
      await answer.body.dump();
      return String(answer.statusCode);
    },
    (error: unknown) => {
      const { code, message: why } = error as { code?: string; message?: string };
      return `no answer: ${code ?? why ?? String(error)}`;
    },
  );
  return `${timestamp.toISOString()}\t${type}\t${id}\t${outcome} (${Math.round(performance.now() - begun)} ms)`;
}
