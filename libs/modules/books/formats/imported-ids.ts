import { FingerprintCounts } from './fingerprints';

/**
 * Which transaction of the ledger a transaction of the file became. Only what later lines refer to is kept, and only until the last of them:
 * so the memory goes with the holds and reversals that are open at once, not with the file.
 */
export class ImportedIds {
  private readonly references = new FingerprintCounts();
  private readonly used = new FingerprintCounts();
  /** Of each hold the lines that say what became of it: all, and those that were read. */
  private readonly ends = new FingerprintCounts();
  private readonly read = new FingerprintCounts();
  private readonly ids = new Map<string, Promise<string | undefined>>();

  /** First pass: a line refers to this transaction. */
  expect(sourceId: string): void {
    this.references.add(sourceId);
  }

  /** First pass: a line says what became of this hold. */
  expectOfHold(sourceId: string): void {
    this.ends.add(sourceId);
  }

  /** Whether there are such lines, before the first of them is read. */
  isFollowed(sourceId: string): boolean {
    return this.ends.count(sourceId) > 0;
  }

  /** Such a line is read. Whether there are more of them. */
  readOfHold(sourceId: string): boolean {
    return this.read.add(sourceId) + 1 < this.ends.count(sourceId);
  }

  /** Whether a line refers to it. */
  private expects(sourceId: string): boolean {
    return this.references.count(sourceId) > 0;
  }

  /** `id`: undefined when it was refused. */
  keep(sourceId: string, id: Promise<string | undefined>): void {
    if (this.expects(sourceId)) this.ids.set(sourceId, id);
  }

  /** The id for one line that refers to it; undefined: it is not in the file before this line, or was refused. */
  take(sourceId: string): Promise<string | undefined> {
    const id = this.ids.get(sourceId) ?? Promise.resolve(undefined);
    if (this.used.add(sourceId) + 1 >= this.references.count(sourceId)) this.ids.delete(sourceId);
    return id;
  }
}
