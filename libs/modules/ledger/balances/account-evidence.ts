import { journalStream, verifyStoredHash } from '@fintech-ledger/envelope';
import { revision as revisionOf } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { BookedEntry, ShownAccount } from '@fintech-ledger/ledger/domain';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';
import { evidencePageEvents } from './limits';
import type { LedgerQueries } from '../read-model/queries';
import { SearchTurns } from './search-turns';
import type { InTurn } from './search-turns';

/** What an event says of one account: its totals, when it booked on it, and its version after it. */
interface Statement {
  readonly totals: BookedEntry['after'] | undefined;
  readonly version: number;
}

/** Finds the event that an account's balance rests on, and holds the balance against what that event carries. */
export class AccountEvidence {
  /** A journal may be long, and many may ask while the read models say nothing. */
  private readonly turns = new SearchTurns();

  constructor(
    private readonly store: EventStore,
    /** Where to look first. What they say is never believed: an event counts by what it carries itself. */
    private readonly hints: Pick<LedgerQueries, 'accountEntries'>,
    private readonly pageEvents = evidencePageEvents,
  ) {}

  /**
   * @param revision where the journal stood when the writer knew this of the account
   * @throws JournalDisagrees the event does not hold, or carries other totals; or the journal has none
   * @throws TooManySearches
   */
  async confirm(ledgerId: string, address: string, account: ShownAccount, revision: number): Promise<void> {
    const stream = journalStream(ledgerId);
    const hint = await this.hintOf(ledgerId, address);
    if (hint !== undefined && hint <= revision) {
      const [event] = await this.store.readStream(stream, { from: revisionOf(hint), limit: 1 });
      const statement = event && stateOf(event, address);
      // With this version no later event touches the account.
      if (event && statement?.totals && statement.version === account.version)
        return assertSame(event, statement.totals, account);
    }
    await this.turns.run((inTurn) => this.search(inTurn, stream, address, account, revision));
  }

  /** From the end backwards, page by page, until an event books on the account, or opens it. */
  private async search(
    inTurn: InTurn,
    stream: string,
    address: string,
    account: ShownAccount,
    revision: number,
  ): Promise<void> {
    let version = account.version;
    for (let next = revision; next >= 0;) {
      const from = revisionOf(next);
      const page = await inTurn(() =>
        this.store.readStream(stream, { from, direction: 'backwards', limit: this.pageEvents }),
      );
      if (page.length === 0) break;
      for (const event of page) {
        const statement = stateOf(event, address);
        if (statement === undefined) continue;
        if (statement.version !== version) {
          const detail = `it makes the account version ${statement.version}, the writer counts ${version}`;
          throw new JournalDisagrees(event.stream, event.revision, detail);
        }
        if (statement.totals !== undefined) return assertSame(event, statement.totals, account);
        version -= 1;
        if (version === 0) return assertSame(event, nothing, account);
      }
      next -= page.length;
    }
    throw new JournalDisagrees(
      stream,
      revision,
      `the journal has no event that opens the account ${address}, which the writer knows`,
    );
  }

  private async hintOf(ledgerId: string, address: string): Promise<number | undefined> {
    try {
      const found = await this.hints.accountEntries(ledgerId, address, { axis: 'recorded' }, { limit: 1 });
      return found.result?.data[0]?.event.revision;
    } catch {
      // The read models are unavailable, or halted: the journal is searched instead.
      return undefined;
    }
  }
}

const nothing = { pendingCredits: '0', pendingDebits: '0', postedCredits: '0', postedDebits: '0' };

/** @throws JournalDisagrees the event touches the account and does not hold */
function stateOf(event: RecordedEvent, address: string): Statement | undefined {
  // An address needs no escaping in JSON.
  if (!event.data.includes(`"${address}"`)) return undefined;
  const fault = verifyStoredHash(event);
  if (fault !== undefined) throw new JournalDisagrees(event.stream, event.revision, fault);
  const { account, entries, version } = JSON.parse(event.data) as {
    readonly account?: { readonly address?: string };
    readonly entries?: readonly BookedEntry[];
    readonly version?: number;
  };
  const totals = entries?.findLast((entry) => entry.account === address)?.after;
  if (totals !== undefined) return { totals, version: totals.version };
  return account?.address === address && version !== undefined ? { totals, version } : undefined;
}

function assertSame(
  { stream, revision }: RecordedEvent,
  carried: Omit<BookedEntry['after'], 'version'>,
  account: ShownAccount,
): void {
  for (const name of ['postedDebits', 'postedCredits', 'pendingDebits', 'pendingCredits'] as const) {
    if (carried[name] === account[name]) continue;
    throw new JournalDisagrees(
      stream,
      revision,
      `it carries ${name} ${carried[name]}, the writer knows ${account[name]}`,
    );
  }
}
