import type { ChainVerifier } from '@fintech-ledger/books/formats';
import { eventOfText } from '@fintech-ledger/envelope';
import type { StoredEvent } from '@fintech-ledger/envelope';
import type { ApiClient } from './api-client';
import { ComparedLog } from './compared-log';
import { everyEvent } from './every-event';
import type { ExpectedHead } from './expected-head';
import { Failure } from './failure';
import { verifyEvents } from './verify-events';

const pageEvents = 100;

/**
 * A ledger's chain as the server's event store has it, and that it goes at least as far as the read models have applied it: a tail, or a whole
 * ledger, that was removed from the store is missed by them.
 * @throws Failure naming the first revision that does not hold
 */
export async function verifyLedger(
  api: ApiClient,
  ledger: string,
  expected?: ExpectedHead,
): Promise<ChainVerifier> {
  const path = `/v1/ledgers/${encodeURIComponent(ledger)}`;
  // Asked first: what is written from here on is in the store at least.
  const applied = await appliedRevision(api, path);
  const log = await ComparedLog.of(api, path);
  const stored = storedEvents(api, `${path}/events`);
  const verifier = await verifyEvents(stored, ledger, expected, (hash) => {
    if (log instanceof ComparedLog) log.add(hash);
  });
  if (applied instanceof Failure) {
    const detail = `they could not be compared with the read models: ${applied.message}`;
    throw new Failure(`${verifier.events} events hold, but ${detail}`, 1);
  }
  if (verifier.events <= applied) {
    const detail = `it is not in the event store, and the read models have applied everything up to revision ${applied}`;
    throw new Failure(`revision ${verifier.events} does not hold: ${detail}`, 1);
  }
  await compareLog(log, ledger, verifier.events);
  return verifier;
}

/** @throws Failure the log has another history, or can't be asked */
async function compareLog(log: ComparedLog | Failure, ledger: string, events: number): Promise<void> {
  if (log instanceof ComparedLog) return log.check();
  // The key may read events and no audits, or the server is older than its Merkle logs: the rest holds all the same.
  if (log.code === 'missing_scope' || log.code === 'not_found')
    console.log(`${ledger}: not compared with the Merkle log: ${log.message}`);
  else
    throw new Failure(
      `${events} events hold, but they could not be compared with the Merkle log: ${log.message}`,
      1,
    );
}

/** How far the read models have applied the ledger, or why they don't say. @throws Failure there is no such ledger, or no server */
async function appliedRevision(api: ApiClient, path: string): Promise<number | Failure> {
  try {
    return await api.revisionOf(`${path}/accounts?limit=1`);
  } catch (error) {
    if (
      error instanceof Failure &&
      error.exitCode === 2 &&
      error.code !== undefined &&
      error.code !== 'unauthenticated'
    )
      return error;
    throw error;
  }
}

function storedEvents(api: ApiClient, path: string): AsyncGenerator<StoredEvent> {
  const read = async (from: number, limit: number): Promise<readonly StoredEvent[]> => {
    const texts = await api.pageTexts(path, { limit: String(limit), from_revision: String(from) });
    return texts.map(eventOfText);
  };
  return everyEvent(
    read,
    pageEvents,
    (error) => error instanceof Failure && error.code === 'journal_damaged',
  );
}
