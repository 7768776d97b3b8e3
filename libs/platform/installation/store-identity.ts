import { installationStream } from '@fintech-ledger/envelope';
import {
  StoreUnavailable,
  StreamGone,
  StreamTruncated,
  WrongExpectedRevision,
} from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent, StoreProblem } from '@fintech-ledger/event-store';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import type { Installation } from './installation';
import { identityEvent, installationIds, readInstallationEvents } from './installation-event';
import { compareEnds, describeEnd, selectSomeKnownEnds } from './known-ends';
import type { Comparison } from './known-ends';

/** Of another process that writes at the same moment. */
const attemptsMax = 5;

/**
 * Compares whose the event store is. It says so in a stream of its own, which the first start on it writes: at once for a new installation,
 * and for one from before only if the store has what the database knows of it.
 */
export class StoreIdentity {
  private isInStore = false;

  constructor(
    private readonly installation: Installation,
    private readonly db: Sql,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** @throws StoreUnavailable it can't be told now */
  async problemWith(store: EventStore): Promise<StoreProblem> {
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.compare(store);
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision) || attempt === attemptsMax) throw error;
        }
      }
    } catch (error) {
      if (error instanceof StreamGone || error instanceof StreamTruncated) {
        return `The event store lost what says whose it is: ${error.message}.`;
      }
      if (error instanceof DatabaseUnavailable)
        throw new StoreUnavailable(`whose event store it is can't be told: ${error.message}`, {
          cause: error,
        });
      throw error;
    }
  }

  private async compare(store: EventStore): Promise<StoreProblem> {
    // Asked first: another process may write it between the two questions.
    const wasInStore = await this.wasInStore();
    const events = await readInstallationEvents(store);
    const ids = installationIds(events);
    if (ids.includes(this.installation.id)) {
      await this.remember();
      return undefined;
    }
    if (wasInStore) return this.anotherStore(ids);
    return this.firstStart(store, events.at(-1), ids);
  }

  private async firstStart(
    store: EventStore,
    last: RecordedEvent | undefined,
    ids: readonly string[],
  ): Promise<StoreProblem> {
    const comparison = await compareEnds(store, await selectSomeKnownEnds(this.db));
    const problem = doesNotHold(comparison);
    if (problem !== undefined) return problem;
    // Several installations from before there were prefixes may share a server; then each is in the stream.
    if (ids.length > 0 && this.installation.prefix !== '' && comparison.compared > 0)
      return this.anotherStore(ids);
    await store.append(installationStream, last?.revision ?? 'no_stream', [
      identityEvent(this.installation, last, this.nowMs()),
    ]);
    await this.remember();
    return undefined;
  }

  private anotherStore(ids: readonly string[]): string {
    const { id } = this.installation;
    const found =
      ids.length === 0
        ? 'The event store does not say that it is of any installation: it is empty, or another one'
        : `The event store is of another installation (${ids.join(', ')})`;
    return (
      `${found}; this database is of installation ${id}. Nothing is read from it or written to it. ` +
      'Check EVENT_STORE_URL and DATABASE_URL; if it is meant to be this one, restored from a backup, run ledgerctl recover.'
    );
  }

  private async wasInStore(): Promise<boolean> {
    if (this.isInStore) return true;
    const { rows } = await this.db.query<{ is_in_store: boolean }>(
      'select is_in_store from meta.installation',
    );
    return rows[0]?.is_in_store === true;
  }

  private async remember(): Promise<void> {
    if (this.isInStore) return;
    await this.db.query('update meta.installation set is_in_store = true where not is_in_store');
    this.isInStore = true;
  }
}

/** Why the store is not taken for the one of a database from before stores said whose they are. */
function doesNotHold({ compared, shorter, different, lost }: Comparison): StoreProblem {
  const wrong = [...different, ...shorter];
  const [first] = wrong.length > 0 ? wrong : lost.length === compared ? lost : [];
  if (first === undefined) return undefined;
  const all = wrong.length + lost.length === compared;
  return (
    `The event store does not have what the database knows: ${describeEnd(first)}, and so it is with ${wrong.length + lost.length} of ${compared}. ` +
    `${all ? 'It is empty, or another one' : 'It is older, or another one'}. Nothing is read from it or written to it. ` +
    'Check EVENT_STORE_URL and DATABASE_URL; if it is meant to be this one, restored from a backup, run ledgerctl recover.'
  );
}
