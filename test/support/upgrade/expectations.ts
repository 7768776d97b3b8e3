import type { TransactionView, TrialBalanceView } from '@fintech-ledger/ledger';
import { ChainVerifier } from '@fintech-ledger/books/formats';
import { canonicalJson } from '@fintech-ledger/envelope';
import { setTimeout as delay } from 'node:timers/promises';
import type { ParsedEvent } from '../../../libs/testing/simulation';
import type { LedgerClient } from '../ledger-client';
import type { Exchange, RecordedEventView, Recording } from './recording';
import { documentedFetch } from '../documented-fetch';

/** The running product and what an earlier version left to it. */
export interface Upgraded {
  readonly url: string;
  readonly client: LedgerClient;
  readonly recording: Recording;
}

interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly position: string | null;
}

/** All public events of a ledger, newest first. */
export async function publicEventsOf({ client }: Upgraded, ledger: string): Promise<readonly ToldEvent[]> {
  const told: ToldEvent[] = [];
  for await (const event of client.list<ToldEvent>(`/v1/events?ledger=${ledger}`)) told.push(event);
  return told;
}

/** How long what is due may take to be handled on its own after a start. */
const dueWithinMs = 30_000;
/** How long the read models may take that are new. */
const builtWithinMs = 60_000;

export async function statusWithKey({ url, recording }: Upgraded, apiKey: string): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  return (
    await documentedFetch(`${url}/v1/ledgers/${recording.ledger}/accounts?limit=1`, {
      headers,
    })
  ).status;
}

/**
 * Sends every recorded command again. Returns those whose answer is not the recorded one, byte for byte. Imports are left out: they know
 * what they have imported, and say so.
 */
export async function repeatAll({ url, recording }: Upgraded): Promise<readonly object[]> {
  const different: object[] = [];
  for (const exchange of recording.exchanges) {
    if (exchange.label === 'import') continue;
    const answer = await repeat(url, recording.apiKey, exchange);
    const expected = { status: exchange.status, answer: withoutSecret(exchange) };
    if (answer.status !== expected.status || answer.answer !== expected.answer)
      different.push({ label: exchange.label, answer, expected });
  }
  return different;
}

/** An API key is shown once: a replay has null in its place. */
function withoutSecret({ path, answer }: Exchange): string {
  return path === '/v1/api_keys'
    ? answer.replace(/"key":"sk_[^"]*"}$/, '"key":null,"secret_shown":true}')
    : answer;
}

async function repeat(url: string, apiKey: string, exchange: Exchange) {
  const { method, path, key, type, body } = exchange;
  const answer = await documentedFetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': key,
      'content-type': type,
    },
    body,
  });
  return { status: answer.status, answer: await answer.text() };
}

export async function eventsOf({ client }: Upgraded, ledger: string): Promise<readonly ParsedEvent[]> {
  const events: ParsedEvent[] = [];
  for await (const event of client.list<ParsedEvent>(`/v1/ledgers/${ledger}/events`)) events.push(event);
  return events;
}

/** The journal begins with what was recorded, unchanged, and its chain holds to the end. */
export async function expectJournal(upgraded: Upgraded, ledger: string): Promise<void> {
  const recorded = upgraded.recording.observed[ledger]?.events ?? [];
  const events = await eventsOf(upgraded, ledger);
  const facts = ({ id, type, revision, data, metadata }: RecordedEventView): object => ({
    id,
    type,
    revision,
    data,
    hash: metadata.hash,
  });
  expect(
    events.slice(0, recorded.length).map((event) => facts(event as unknown as RecordedEventView)),
  ).toEqual(recorded.map(facts));
  const verifier = new ChainVerifier();
  for (const event of events) {
    const texts = {
      data: canonicalJson(event.data),
      metadata: canonicalJson(event.metadata),
    };
    expect(verifier.check({ ...event, ...texts })).toBeUndefined();
  }
}

/** Waits until these holds have ended without a command from anybody. */
export async function untilExpired(
  { client }: Upgraded,
  ledger: string,
  holds: readonly string[],
): Promise<readonly string[]> {
  for (const deadline = Date.now() + dueWithinMs; ; await delay(200)) {
    const views = await Promise.all(
      holds.map((id) => client.get<TransactionView>(`/v1/ledgers/${ledger}/transactions/${id}`)),
    );
    const statuses = views.map(({ status }) => status);
    if (statuses.every((status) => status === 'expired') || Date.now() > deadline) return statuses;
  }
}

/** Sends the recorded CSV again; resolves to what it says it did. */
export async function importAgain({ url, recording }: Upgraded): Promise<object> {
  const { type, query, body } = recording.csvImport;
  const answer = await documentedFetch(`${url}/v1/ledgers/${recording.ledger}/imports?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${recording.apiKey}`,
      'content-type': type,
    },
    body,
  });
  return (await answer.json()) as object;
}

/** Waits until the read models have everything, also those that an upgrade brings, which begin with the first event. */
export async function untilBuilt({ client }: Upgraded): Promise<void> {
  interface Projection {
    readonly name: string;
    readonly state: string;
    readonly lag: { readonly events: number | null; readonly seconds: number };
  }
  for (const deadline = Date.now() + builtWithinMs; ; await delay(200)) {
    const { data } = await client.get<{ data: readonly Projection[] }>('/v1/projections');
    const behind = data.filter(
      ({ state, lag }) => state !== 'running' || lag.events !== 0 || lag.seconds !== 0,
    );
    if (behind.length === 0) return;
    if (Date.now() > deadline) throw new Error(`they are not built: ${JSON.stringify(behind)}`);
  }
}

/** The events of a filter are those that going through all of them finds. */
export async function expectFiltered(
  upgraded: Upgraded,
  ledger: string,
  addresses: readonly string[],
): Promise<void> {
  interface Touching {
    readonly entries?: readonly { readonly account: string }[];
    readonly account?: { readonly address: string };
  }
  const events = await eventsOf(upgraded, ledger);
  const found = async (filter: string): Promise<readonly number[]> => {
    const revisions: number[] = [];
    const path = `/v1/ledgers/${ledger}/events?${filter}`;
    for await (const { revision } of upgraded.client.list<ParsedEvent>(path)) revisions.push(revision);
    return revisions;
  };
  const wanted = (isWanted: (event: ParsedEvent) => boolean): readonly number[] =>
    events.filter(isWanted).map(({ revision }) => revision);
  for (const type of new Set(events.map((event) => event.type)))
    expect([type, await found(`type=${type}`)]).toEqual([type, wanted((event) => event.type === type)]);
  for (const address of addresses) {
    const touches = ({ data }: ParsedEvent): boolean => {
      const { entries = [], account } = data as Touching;
      return account?.address === address || entries.some((entry) => entry.account === address);
    };
    expect(wanted(touches).length).toBeGreaterThan(0);
    expect([address, await found(`account=${address}`)]).toEqual([address, wanted(touches)]);
  }
}

/** What each account has in a trial balance, those without anything left out. */
export async function trialOf(
  { client, recording }: Upgraded,
  query: string,
): Promise<readonly (readonly [string, string, string])[]> {
  interface Line {
    readonly account: string;
    readonly debits: string;
    readonly credits: string;
  }
  const lines: (readonly [string, string, string])[] = [];
  const path = `/v1/ledgers/${recording.ledger}/trial-balance${query}`;
  for await (const { account, debits, credits } of client.list<Line>(path))
    if (debits !== '0' || credits !== '0') lines.push([account, debits, credits]);
  return lines.sort(([a], [b]) => (a < b ? -1 : 1));
}

export async function expectBalanced({ client, recording }: Upgraded, position: string): Promise<void> {
  const path = `/v1/ledgers/${recording.ledger}/trial-balance`;
  expect((await client.get<TrialBalanceView>(path, position)).balanced).toBe(true);
}
