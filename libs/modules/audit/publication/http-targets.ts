import type { OutboundClient, OutboundRequest, Outcome } from '@fintech-ledger/outbound';
import type { HeadTarget } from './head-target';
import { ledgerClaimMs, sentAtOnce, urlClaimMs } from './limits';
import type { PublishedHeadLine } from './published-head-line';

type Client = Pick<OutboundClient, 'deliver'>;

/** Sends heads to an address as NDJSON; any answer of 2xx says that it has them. */
export function urlTarget(client: Client, url: string, token: string | undefined): HeadTarget {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    kind: 'url',
    name: `url:${placeOf(url)}`,
    atOnce: sentAtOnce,
    claimMs: urlClaimMs,
    async publish(heads) {
      const range = `${heads[0]?.sequence}-${heads.at(-1)?.sequence}`;
      const outcome = await client.deliver({
        ...post('audit-heads-url', url),
        headers: {
          ...authorization,
          'content-type': 'application/x-ndjson',
          'idempotency-key': `heads-${range}`,
        },
        body: heads.map(({ line }) => `${line}\n`).join(''),
      });
      return problemOf(outcome, []);
    },
  };
}

/** Without what may be a secret. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

const unit = 'HEADS';
const published = 'heads:published';
const counter = 'heads:counter';

/**
 * Books heads in another ledger of ours, most often of another installation: a transaction of 1 HEADS for each, with
 * the head as its metadata. So they are in that ledger's chain of hashes, and each is there once.
 */
export function ledgerTarget(client: Client, ledgerUrl: string, apiKey: string): HeadTarget {
  const send = (url: string, key: string, body: object): Promise<Outcome> =>
    client.deliver({
      ...post('audit-heads-ledger', url),
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
  let isPrepared = false;
  const prepare = async (): Promise<string | undefined> => {
    const units = new URL('../units', ledgerUrl).href;
    const steps: readonly (readonly [url: string, body: object])[] = [
      [units, { code: unit, exponent: 0, name: 'Signed tree heads' }],
      [`${ledgerUrl}/accounts`, { address: published, type: 'asset', currency: unit }],
      [`${ledgerUrl}/accounts`, { address: counter, type: 'equity', currency: unit }],
    ];
    for (const [n, [url, body]] of steps.entries()) {
      // 409: it is there.
      const problem = problemOf(await send(url, `heads-prepare-${n}`, body), [409]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return {
    kind: 'ledger',
    name: `ledger:${placeOf(ledgerUrl)}`,
    atOnce: 1,
    claimMs: ledgerClaimMs,
    async publish(heads) {
      const unprepared = isPrepared ? undefined : await prepare();
      if (unprepared !== undefined) return unprepared;
      isPrepared = true;
      for (const { line } of heads) {
        const head = JSON.parse(line) as PublishedHeadLine;
        // Of itself it would have a new head with each.
        if (ledgerUrl.endsWith(`/${head.ledger}`)) continue;
        const { body, key } = booked(head);
        const problem = problemOf(await send(`${ledgerUrl}/transactions`, key, body), []);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

function booked({ ledger, size, root, time, key_id, signature }: PublishedHeadLine): {
  readonly key: string;
  readonly body: object;
} {
  const side = { amount: '1', currency: unit };
  return {
    key: `head-${ledger}-${size}-${time}`,
    body: {
      description: `Head of ${ledger} with ${size} events`,
      entries: [
        { account: published, direction: 'debit', ...side },
        { account: counter, direction: 'credit', ...side },
      ],
      metadata: {
        head_ledger: ledger,
        head_size: String(size),
        head_root: root,
        head_time: time,
        head_key_id: key_id,
        head_signature: signature,
      },
    },
  };
}

/** The operator's own address: he may do without TLS inside of his network. */
const post = (endpoint: string, url: string): Omit<OutboundRequest, 'headers'> => ({
  endpoint,
  url,
  isHttpAllowed: true,
  method: 'POST',
});

/** @returns undefined: it was taken. Nothing of an answer's body, which may be a customer's. */
function problemOf(outcome: Outcome, also: readonly number[]): string | undefined {
  switch (outcome.kind) {
    case 'answered': {
      const { status } = outcome;
      return (status >= 200 && status < 300) || also.includes(status) ? undefined : `it answered ${status}`;
    }
    case 'refused':
      return outcome.refusal.detail;
    case 'failed':
      return outcome.detail;
  }
}
