import { CompactTree, hashBytes } from '@fintech-ledger/audit';
import type { ApiClient } from './api-client';
import { Failure } from './failure';

/** The Merkle log of a ledger, which the server keeps apart from the events: held against what the events give. */
export class ComparedLog {
  private readonly tree = new CompactTree();
  private leaves = Buffer.alloc(1_024 * hashBytes);

  private constructor(
    private readonly api: ApiClient,
    private readonly path: string,
    private readonly head: { readonly size: number; readonly root: string },
  ) {}

  /** Ask before the first event: the log may grow meanwhile. A failure: why the server does not tell. */
  static async of(api: ApiClient, path: string): Promise<ComparedLog | Failure> {
    try {
      const head = await api.json<{ size: number; root: string }>(`${path}/audit/head`);
      return new ComparedLog(api, path, head);
    } catch (error) {
      if (error instanceof Failure && error.code !== undefined) return error;
      throw error;
    }
  }

  /** The hash of the next event, hex. */
  add(hash: string): void {
    if (this.tree.size >= this.head.size) return;
    const at = this.tree.size * hashBytes;
    if (at === this.leaves.length) this.leaves = Buffer.concat([this.leaves, Buffer.alloc(at)]);
    this.leaves.write(hash, at, 'hex');
    this.tree.add(this.leaves.subarray(at, at + hashBytes));
  }

  /** Call it after the last event. @throws Failure naming the first revision that the log has otherwise */
  async check(): Promise<void> {
    const { root, size } = this.head;
    const has = this.tree.size;
    if (has < size) {
      const detail = `it is not in the event store, and the Merkle log has ${size} events`;
      throw new Failure(`revision ${has} does not hold: ${detail}`, 1);
    }
    if (this.tree.root().toString('hex') === root) return;
    const first = await this.firstThatDiffers();
    const where = first === undefined ? '' : `revision ${first} does not hold: `;
    throw new Failure(`${where}the Merkle log of ${size} events has another root than the events give`, 1);
  }

  /** Each event has the hash of the one before it: where one was rewritten, all that follow differ, too. */
  private async firstThatDiffers(): Promise<number | undefined> {
    let [low, high] = [0, this.head.size - 1];
    if (!(await this.differs(high))) return undefined;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (await this.differs(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private async differs(revision: number): Promise<boolean> {
    const query = { revision: String(revision), size: String(this.head.size) };
    const { leaf } = await this.api.json<{ leaf: string }>(`${this.path}/audit/proof`, { query });
    const at = revision * hashBytes;
    return leaf !== this.leaves.subarray(at, at + hashBytes).toString('hex');
  }
}
