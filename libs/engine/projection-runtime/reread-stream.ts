import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { revision } from '@fintech-ledger/event-store';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { admit, parseBatch } from './admit';
import type { Advance } from './admit';
import { noHead } from './chain-head';
import type { ChainHead } from './chain-head';
import { moveCheckpoints, selectCheckpoints } from './checkpoints';
import { JournalShortened, PoisonEvent, reasonOf, WriteFailed } from './errors';
import { isOfItsEvents } from './is-passing';
import { rereadPageEvents } from './limits';
import type { Decode, LinkOf, Projection } from './projection';

export interface Reread<E> {
  readonly db: Database;
  /** The event store: what it says is what counts. */
  readonly history: Pick<EventStore, 'readStream'>;
  readonly decode: Decode<E>;
  readonly linkOf?: LinkOf<E> | undefined;
  readonly projection: Projection<E>;
  readonly stream: string;
  readonly applied: (advances: readonly Advance[]) => void;
}

/** Where a projection stands after a stream was read again, and what it can't pass; undefined: it has all that the store has. */
export interface RereadOutcome {
  readonly head: ChainHead;
  readonly cause?: unknown;
}

/**
 * Reads one stream of the event store from the last event that a projection has applied (is it still that one?) to its end, and applies what follows.
 * @throws what trying again later may cure
 */
export async function rereadStream<E>(options: Reread<E>): Promise<RereadOutcome> {
  const { db, history, projection, stream } = options;
  let head = (await selectCheckpoints(db, projection.name, [stream])).get(stream) ?? noHead;
  for (let from = Math.max(0, head.revision), isFirst = true; ; isFirst = false) {
    const page = await history.readStream(stream, { from: revision(from), limit: rereadPageEvents });
    const isLost = isFirst && head.revision >= 0 && page[0]?.revision !== head.revision;
    if (isLost) return { head, cause: new JournalShortened(stream, head.revision) };
    const last = page.at(-1);
    if (last === undefined) return { head };
    const outcome = await applyPatiently(options, page, head);
    if (outcome.cause !== undefined) return outcome;
    head = outcome.head;
    from = last.revision + 1;
  }
}

/** When the rows of a page can't be written, its events are applied one by one, so that the one at which it ends has a name. */
async function applyPatiently<E>(
  options: Reread<E>,
  page: readonly RecordedEvent[],
  head: ChainHead,
): Promise<RereadOutcome> {
  try {
    return await apply(options, page, head);
  } catch (error) {
    if (!isOfItsEvents(error)) throw error;
    const [event] = page;
    if (event === undefined) return { head };
    if (page.length === 1) {
      const cause = new PoisonEvent(event, reasonOf(error.cause), {
        cause: error,
        haltCode: error.haltCode,
      });
      return { head, cause };
    }
  }
  for (const event of page) {
    const outcome = await applyPatiently(options, [event], head);
    if (outcome.cause !== undefined) return outcome;
    head = outcome.head;
  }
  return { head };
}

async function apply<E>(
  { db, decode, linkOf, projection, stream, applied }: Reread<E>,
  page: readonly RecordedEvent[],
  head: ChainHead,
): Promise<RereadOutcome> {
  const { events, advances, halts } = admit(parseBatch(page, decode, linkOf), {
    isOurs: (name) => name === stream,
    headOf: () => head,
  });
  const [advance] = advances;
  if (advance !== undefined) {
    const rewrite = async (sql: Sql): Promise<void> => {
      await moveCheckpoints(sql, [{ projection: projection.name, advances }]);
      try {
        await projection.fold(events)(sql);
      } catch (cause) {
        throw new WriteFailed(projection.name, cause);
      }
    };
    await db.transaction(rewrite, { isPipelined: true });
    applied(advances);
  }
  const next = advance === undefined ? head : { revision: advance.to, hash: advance.hash };
  const cause = halts[0]?.cause;
  return cause === undefined ? { head: next } : { head: next, cause };
}
