import type { Command } from 'commander';
import type { Environment } from '../environment';
import { withApi } from '../options';

interface AuditKey {
  readonly key_id: string;
  readonly public_key: string;
  readonly created_at: string;
  readonly retired_at: string | null;
}

interface Booked {
  readonly metadata: Readonly<Record<string, string>>;
}

function bookedHead(metadata: Booked['metadata']): string {
  const of = (name: string): string | undefined => metadata[`head_${name}`];
  const [ledger, root, time, key_id, signature] = ['ledger', 'root', 'time', 'key_id', 'signature'].map(of);
  const size = Number(of('size'));
  return JSON.stringify({ object: 'published_head', ledger, size, root, time, key_id, signature });
}

/** `ledgerctl audit head|booked-heads|keys|rotate-key`: signed heads of Merkle logs, and what they are signed with. */
export function auditCommand(parent: Command, environment: () => Environment): void {
  const audit = parent.command('audit').description('signed tree heads, and their keys').exitOverride();
  audit
    .command('head')
    .description("print the signed head of a ledger's Merkle log; keep it where the ledger is not")
    .requiredOption('--ledger <id>', 'the ledger')
    .exitOverride()
    .action(({ ledger }: { ledger: string }, command: Command) =>
      withApi(command, environment, async (api) => {
        const path = `/v1/ledgers/${encodeURIComponent(ledger)}/audit/head`;
        console.log(JSON.stringify(await api.json<object>(path)));
      }),
    );
  audit
    .command('booked-heads')
    .description(
      'print the heads that other installations published to a ledger, one a line, for ledger-verifier',
    )
    .requiredOption('--ledger <id>', 'the ledger that they are booked in')
    .option('--of <id>', 'only those of this ledger')
    .exitOverride()
    .action(({ ledger, of }: { ledger: string; of?: string }, command: Command) =>
      withApi(command, environment, async (api) => {
        const path = `/v1/ledgers/${encodeURIComponent(ledger)}/transactions`;
        const query = of === undefined ? { account: 'heads:published' } : { 'metadata[head_ledger]': of };
        const heads: string[] = [];
        for await (const { metadata } of api.list<Booked>(path, query)) heads.push(bookedHead(metadata));
        // Lists have the newest first.
        for (const head of heads.toReversed()) console.log(head);
      }),
    );
  audit
    .command('keys')
    .description('print the keys that heads are signed with, the newest first, as JSON for ledger-verifier')
    .exitOverride()
    .action((_options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        const data: AuditKey[] = [];
        for await (const key of api.list<AuditKey>('/v1/audit/keys')) data.push(key);
        console.log(JSON.stringify({ data }));
      }),
    );
  audit
    .command('rotate-key')
    .description('have a new key sign heads from now on; what was signed before can still be checked')
    .exitOverride()
    .action((_options: object, command: Command) =>
      withApi(command, environment, async (api) => {
        const { key_id, created_at } = await api.json<AuditKey>('/v1/audit/keys', { method: 'POST' });
        console.log(`${key_id} signs since ${created_at}`);
      }),
    );
}
