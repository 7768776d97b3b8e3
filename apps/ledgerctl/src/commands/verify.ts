import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { eventOfText } from '@fintech-ledger/envelope';
import type { StoredEvent } from '@fintech-ledger/envelope';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { ExpectedHead } from '../expected-head';
import { Failure } from '../failure';
import { linesOf } from '../json-lines';
import type { OpenedStore } from '../open-store';
import { withApi } from '../options';
import { reportOf, verifyEvents } from '../verify-events';

interface VerifyOptions {
  readonly ledger?: string;
  readonly events?: string;
  readonly expectHead?: string;
  readonly organization?: string | true;
  readonly database?: boolean;
  readonly dataDir?: string;
}

/** `ledgerctl verify`: recomputes the hash chain of ledgers' events, and checks that each balances and that none is missing. */
export function verifyCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('verify')
    .description(
      'recompute the hashes of all events from their stored texts, check that debits equal credits in each of them, that none is missing that the read models have applied, and that the Merkle log has the same (audit:read); of every ledger, unless one is named',
    )
    .option('--ledger <id>', 'only this ledger')
    .option(
      '--events <file>',
      'read them from a file instead, one event of GET …/events a line (- for standard input)',
    )
    .option(
      '--expect-head <revision:hash>',
      'also demand the hash that a revision had, as it was kept elsewhere; later events may follow. A hash alone may be that of any revision',
    )
    .option(
      '--organization [id]',
      'instead of a ledger, what is administered (keys, units, ledgers), of every organization or of one, and that every ledger is in the event store: read from the store itself, as DATABASE_URL and EVENT_STORE_URL or the data folder name it',
    )
    .option(
      '--database',
      'instead, everything that the database has, held against the events: chains, entries, Merkle logs, ' +
        'checkpoints, idempotency keys, keys of personal values (opened where API_KEY_PEPPER or the data folder ' +
        'has the pepper), and each row of the read models, which are made ' +
        'again in temporary tables ' +
        '(as much room as the read models have); of every stream, read from the store itself as with --organization',
    )
    .option(
      '--data-dir <folder>',
      'with --organization and --database: of the embedded database (DATA_DIR, default .data)',
    )
    .action(async (options: VerifyOptions, command: Command) => {
      const { events: file, ledger, expectHead, organization } = options;
      if (options.database === true) {
        if ([file, ledger, expectHead, organization].some((option) => option !== undefined))
          throw new Failure('--database goes with --data-dir only.');
        return verifyAllStored(options.dataDir);
      }
      if (organization !== undefined) {
        if (file !== undefined || ledger !== undefined || expectHead !== undefined)
          throw new Failure('--organization goes with --data-dir only.');
        return verifyOrganizations(organization === true ? undefined : organization, options.dataDir);
      }
      if (file !== undefined && ledger !== undefined)
        throw new Failure('Give --ledger or --events, not both.');
      if (expectHead !== undefined && file === undefined && ledger === undefined)
        throw new Failure('--expect-head is about one ledger: name it by --ledger.');
      const expected = expectHead === undefined ? undefined : new ExpectedHead(expectHead);
      if (file !== undefined) {
        return verifyFile(file, expected);
      }
      await withApi(command, environment, async (api) => {
        if (ledger === undefined) return verifyAll(api);
        const { verifyLedger } = await import('../verify-ledger.js');
        console.log(reportOf(await verifyLedger(api, ledger, expected)));
      });
    });
}

async function verifyFile(file: string, expected: ExpectedHead | undefined): Promise<void> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const verifier = await verifyEvents(eventsOf(linesOf(input)), '', expected).catch((error: unknown) => {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new Failure(`${file} can't be read: ${message}.`);
  });
  // An answer that did not come is no ledger without events.
  if (verifier.events === 0) throw new Failure('There are no events to verify: the input is empty.');
  console.log(reportOf(verifier));
}

async function verifyOrganizations(id: string | undefined, dataFolder: string | undefined): Promise<void> {
  const { verifyStore } = await import('../verify-store.js');
  await withStore(dataFolder, (opened) => verifyStore(opened, id));
}

async function verifyAllStored(dataFolder: string | undefined): Promise<void> {
  const { verifyDatabase } = await import('../verify-database.js');
  await withStore(dataFolder, verifyDatabase);
}

async function withStore(
  dataFolder: string | undefined,
  work: (opened: OpenedStore) => Promise<void>,
): Promise<void> {
  // The database and the event store are loaded for this alone.
  const { openStore } = await import('../open-store.js');
  try {
    const opened = await openStore(dataFolder);
    try {
      await work(opened);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The event store can't be read: ${(error as Error).message}`);
  }
}

/** Every ledger that the organization has, whatever is found in one of them. */
async function verifyAll(api: ApiClient): Promise<void> {
  const { verifyLedger } = await import('../verify-ledger.js');
  let ledgers = 0;
  const broken: string[] = [];
  for await (const { id } of api.list<{ id: string }>('/v1/ledgers')) {
    ledgers += 1;
    try {
      console.log(`${id}: ${reportOf(await verifyLedger(api, id))}`);
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== 1) throw error;
      broken.push(`${id}: ${error.message}`);
    }
  }
  if (broken.length > 0)
    throw new Failure(`${broken.length} of ${ledgers} ledgers do not hold\n${broken.join('\n')}`, 1);
  console.log(`all ${ledgers} ledgers hold`);
}

async function* eventsOf(texts: AsyncIterable<string>): AsyncGenerator<StoredEvent> {
  for await (const text of texts) yield eventOfText(text);
}
