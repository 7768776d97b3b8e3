import { ConfigInvalid } from '@fintech-ledger/config';
import { journalStream } from '@fintech-ledger/envelope';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { StartupFailed } from '@fintech-ledger/installation';
import { findDifferences, recover, StillRunning } from '@fintech-ledger/runtime';
import type { Difference } from '@fintech-ledger/runtime';
import os from 'node:os';
import { modules } from '../../../modules';
import { Failure } from '../failure';
import { openRecovery } from '../recovery-context';
import type { RecoveryContext } from '../recovery-context';
import { otherStore, ownersOf, selectKnownStore } from '../own-store';

export interface RecoverCommand {
  readonly ledger?: readonly string[];
  readonly file?: string;
  readonly dataDir?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly emptyStore?: true;
}

/** @throws Failure */
export async function runRecovery(options: RecoverCommand): Promise<void> {
  try {
    const context = await openRecovery(options.dataDir);
    try {
      await run(context, options);
    } finally {
      await context.close();
    }
  } catch (error) {
    throw asFailure(error);
  }
}

async function run(context: RecoveryContext, options: RecoverCommand): Promise<void> {
  const { db, store } = context;
  const owners = await checkOwner(context, options);
  const streams = options.ledger && new Set(options.ledger.map(journalStream));
  const found = await findDifferences(store, db, streams);
  for (const { problem } of found) console.log(problem.reason);
  console.log(
    found.length === 0
      ? 'The event store has all that is known of it: there is nothing to recover.'
      : `${found.length} streams differ from what is known of them.`,
  );
  if (options.dryRun) return;
  const differences = found.filter(({ problem }) => problem.kind !== 'lost');
  const isMarked = owners.length > 0;
  if (differences.length > 0 || (found.length === 0 && !isMarked))
    await accept(context, options, differences);
  const lost = found.length - differences.length;
  if (lost > 0)
    throw new Failure(
      `${lost} streams can't be accepted as they are, because the event store does not give them from their first event ` +
        'on: what is known of them is kept.',
    );
}

/**
 * A store that is another one differs from what is known of it in everything: accepted, all that is computed of the
 * right one would be dropped.
 * @returns whose the store says it is @throws Failure
 */
async function checkOwner(
  { db, store, storeName: name }: RecoveryContext,
  { emptyStore }: RecoverCommand,
): Promise<readonly string[]> {
  console.error(`reading ${name}`);
  const [known, owners] = [await selectKnownStore(db), await ownersOf(store)];
  const other = known && otherStore(known, owners, name);
  if (other === undefined || (emptyStore === true && owners.length === 0)) return owners;
  throw new Failure(
    `${other}: nothing was changed. Check EVENT_STORE_URL and DATABASE_URL.` +
      (owners.length > 0 ? '' : ' If all its events are lost, and no backup has them, give --empty-store.'),
  );
}

async function accept(
  context: RecoveryContext,
  options: RecoverCommand,
  differences: readonly Difference[],
): Promise<void> {
  if (!options.yes) {
    throw new Failure(
      'What the event store does not have is given up: run it again with --yes to do that, and --file for where it is kept.',
    );
  }
  const file = options.file ?? `recovered-${new Date().toISOString().replace(/[:.]/g, '-')}.ndjson`;
  const { sha256 } = await recover({
    modules,
    ...context,
    differences,
    file,
    actor: `${os.userInfo().username}@${os.hostname()}`,
    onProgress: (what) => console.error(what),
  });
  console.log(summary(differences, file, sha256));
}

function summary(differences: readonly Difference[], file: string, sha256: string): string {
  return `${differences.length} streams are taken from the event store now. What it did not have is in ${file} (SHA-256 ${sha256}). Start the ledger again.`;
}

function asFailure(error: unknown): unknown {
  if (error instanceof StillRunning || error instanceof StoreUnavailable || error instanceof StartupFailed)
    return new Failure(error.message);
  if (error instanceof ConfigInvalid) return new Failure(`The configuration is not valid: ${error.message}.`);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') return new Failure(`${path} exists: nothing was changed. Give another --file.`);
  return error;
}
