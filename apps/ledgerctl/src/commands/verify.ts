import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { ChainVerifier } from '@fintech-ledger/books';
import { eventOfText } from '@fintech-ledger/event-contracts';
import type { StoredEvent } from '@fintech-ledger/event-contracts';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { linesOf } from '../json-lines';
import { withApi } from '../options';
import { ProgressLine } from '../progress-line';

interface VerifyOptions {
  readonly ledger?: string;
  readonly events?: string;
  readonly expectHead?: string;
}

/** `ledgerctl verify`: recomputes the hash chain of a ledger's events and checks that each balances. */
export function verifyCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('verify')
    .description('recompute the hash chain of all events, and that debits equal credits in each of them')
    .option('--ledger <id>', 'read the events of this ledger from the server')
    .option(
      '--events <file>',
      'read them from a file instead, one event of GET …/events a line (- for standard input)',
    )
    .option(
      '--expect-head <hash>',
      'also compare the hash of the last event with one that was kept elsewhere',
    )
    .action(async (options: VerifyOptions, command: Command) => {
      const { events: file, ledger } = options;
      if ((file === undefined) === (ledger === undefined))
        throw new Failure('Give either --ledger or --events.');
      if (file !== undefined) {
        await verify(eventsOf(linesOf(file === '-' ? process.stdin : createReadStream(file))), options);
        return;
      }
      const path = `/v1/ledgers/${encodeURIComponent(ledger ?? '')}/events`;
      await withApi(command, environment, (api) => verify(eventsOf(api.listTexts(path)), options));
    });
}

async function* eventsOf(texts: AsyncIterable<string>): AsyncGenerator<StoredEvent> {
  for await (const text of texts) yield eventOfText(text);
}

async function verify(events: AsyncIterable<StoredEvent>, { expectHead }: VerifyOptions): Promise<void> {
  const verifier = new ChainVerifier();
  const progress = new ProgressLine('verifying');
  try {
    for await (const event of events) {
      const broken = verifier.check(event);
      if (broken !== undefined)
        throw new Failure(`revision ${broken.revision} does not hold: ${broken.detail}`, 1);
      progress.show(verifier.events, undefined, `revision ${event.revision}`);
    }
  } finally {
    progress.end();
  }
  console.log(`${verifier.events} events hold; the last hash is ${verifier.head}`);
  for (const [currency, { debits, credits }] of verifier.totals) {
    console.log(`${currency}  debits ${debits}  credits ${credits}  (minor units)`);
  }
  if (expectHead !== undefined && expectHead !== verifier.head) {
    throw new Failure(
      `the last hash was expected to be ${expectHead}: events are missing, or were written anew`,
      1,
    );
  }
}
