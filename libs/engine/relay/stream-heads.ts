import { BrokenInvariant } from '@fintech-ledger/contract';
import type { ChainHead } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { knownStreamsMax } from './limits';

const lines = (values: readonly (string | number)[]): string => values.join('\n');

/** What the topic has of each stream: in memory for those that are sent now, in the database for all. */
export class StreamHeads {
  private readonly known = new Map<string, ChainHead | undefined>();
  private readonly unsaved = new Set<string>();

  constructor(private readonly topic: string) {}

  /** Reads what is not known of these streams. */
  async load(sql: Sql, streams: Iterable<string>): Promise<void> {
    const missing = [...streams].filter((stream) => !this.known.has(stream));
    if (missing.length === 0) return;
    const { rows } = await sql.query<{ stream: string; revision: string; hash: string }>(
      `select stream, revision, hash from relay.streams
        where topic = $1 and stream = any (string_to_array($2, E'\\n'))`,
      [this.topic, lines(missing)],
      'select-relay-streams',
    );
    for (const stream of missing) this.known.set(stream, undefined);
    for (const { stream, revision, hash } of rows)
      this.known.set(stream, { revision: Number(revision), hash });
  }

  /** Undefined: it was never sent, or before this was noted. */
  get(stream: string): ChainHead | undefined {
    return this.known.get(stream);
  }

  set(stream: string, head: ChainHead): void {
    this.known.set(stream, head);
    this.unsaved.add(stream);
  }

  forget(stream: string): void {
    this.known.delete(stream);
    this.unsaved.delete(stream);
  }

  /** Saves what has changed; in the transaction that saves the checkpoint. Call `saved` with the result once that is committed. */
  async save(sql: Sql): Promise<ReadonlyMap<string, ChainHead>> {
    const changed = new Map([...this.unsaved].map((stream) => [stream, this.unsavedHead(stream)]));
    if (changed.size === 0) return changed;
    const [streams, heads] = [[...changed.keys()], [...changed.values()]];
    await sql.query(
      `insert into relay.streams as s (topic, stream, revision, hash)
       select $1, * from unnest(string_to_array($2, E'\\n'), string_to_array($3, E'\\n')::bigint[], string_to_array($4, E'\\n'))
       on conflict (topic, stream) do update set revision = excluded.revision, hash = excluded.hash`,
      [
        this.topic,
        lines(streams),
        lines(heads.map(({ revision }) => revision)),
        lines(heads.map(({ hash = '' }) => hash)),
      ],
      'save-relay-streams',
    );
    return changed;
  }

  private unsavedHead(stream: string): ChainHead {
    const head = this.known.get(stream);
    // Saved as that of an empty stream, it would be sent again from its first event.
    if (head === undefined)
      throw new BrokenInvariant(`the head of ${stream} was forgotten before it was saved`);
    return head;
  }

  saved(heads: ReadonlyMap<string, ChainHead>): void {
    // What was sent meanwhile is still to be saved.
    for (const [stream, head] of heads) if (this.known.get(stream) === head) this.unsaved.delete(stream);
    if (this.known.size <= knownStreamsMax) return;
    for (const stream of this.known.keys()) if (!this.unsaved.has(stream)) this.known.delete(stream);
  }
}
