import type { Sql } from '@fintech-ledger/postgres';

interface AppliedRow {
  readonly name: string;
  readonly stream: string;
  readonly revision: string;
  readonly hash: string | null;
}

/** How far the read models have applied each stream, and the hash of the last event that they did. */
export class AppliedCheckpoints {
  private readonly revisions = new Map<string, number>();
  private readonly ends = new Map<string, AppliedRow[]>();

  private constructor(rows: readonly AppliedRow[]) {
    for (const row of rows) {
      this.revisions.set(placeOf(row.name, row.stream), Number(row.revision));
      const end = placeOf(row.stream, row.revision);
      const known = this.ends.get(end);
      if (known === undefined) this.ends.set(end, [row]);
      else known.push(row);
    }
  }

  static async of(sql: Sql): Promise<AppliedCheckpoints> {
    const { rows } = await sql.query<AppliedRow>(
      'select c.projection as name, c.stream, c.revision, c.hash from read.checkpoints c',
    );
    return new AppliedCheckpoints(rows);
  }

  /** -1: nothing of it. @param name of the side of a projection */
  revision(name: string, stream: string): number {
    return this.revisions.get(placeOf(name, stream)) ?? -1;
  }

  /** Undefined: no read model applied another event than this one at this revision, as its last. */
  fault(stream: string, revision: number, eventHash: string): string | undefined {
    const wrong = (this.ends.get(placeOf(stream, String(revision))) ?? []).find(
      ({ hash }) => hash !== null && hash !== eventHash,
    );
    if (wrong === undefined) return undefined;
    return (
      `what ${wrong.name} has applied does not hold: read.checkpoints has the hash ${wrong.hash} at revision ` +
      `${revision}, the event has ${eventHash}`
    );
  }
}

const placeOf = (one: string, other: string): string => `${one} ${other}`;
