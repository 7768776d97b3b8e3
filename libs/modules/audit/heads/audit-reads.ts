import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import type { ReadModels } from '@fintech-ledger/ledger';
import { ReadModelBehind, refusedQuery } from '@fintech-ledger/projection-runtime';
import type { At, Reader } from '@fintech-ledger/projection-runtime';
import type { AuditKeys } from '../keys/audit-keys';
import { signingKey } from '../keys/signing-key';
import type { MerkleLogQueries } from '../log/queries';
import { TreeIncomplete } from '../merkle/merkle-tree';
import type { MerkleTree } from '../merkle/merkle-tree';
import type { ConsistencyProofView, InclusionProofView, TreeHead } from './audit-shapes';
import { notInTree } from './not-in-tree';
import { signHead } from './sign-head';

/** Reads the Merkle logs of ledgers, no older than their reader asked for, or than what was acknowledged here. */
export class AuditReads {
  constructor(
    private readonly models: Pick<ReadModels, 'check'>,
    private readonly queries: MerkleLogQueries,
    private readonly keys: Pick<AuditKeys, 'signing'>,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @throws Refused `ledger_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  head(reader: Reader): Promise<At<TreeHead>> {
    return this.reading(reader, async (tree, size) => {
      const root = (await tree.root(size)).toString('hex');
      // Before the time is read: the first head makes the key, and none is older than the key that signed it.
      const key = await signingKey(this.keys);
      return signHead(key, { ledger: reader.ledgerId, root, size, time: new Date().toISOString() });
    });
  }

  /** @param size of the tree; absent: all of it. @throws Refused `not_in_tree`, and what `head` throws */
  inclusion(reader: Reader, revision: number, size?: number): Promise<At<InclusionProofView>> {
    return this.reading(reader, async (tree, last) => {
      const of = size ?? last;
      assertInTree(of, last, '/size');
      if (revision >= of)
        throw refusedQuery(
          notInTree,
          `The tree of size ${of} does not have revision ${revision}.`,
          '/revision',
        );
      const { leaf, path } = await tree.inclusion(revision, of);
      return { leaf: leaf.toString('hex'), path: path.map((hash) => hash.toString('hex')) };
    });
  }

  /** @param to absent: all of the tree. @throws Refused `not_in_tree`, and what `head` throws */
  consistency(reader: Reader, from: number, to?: number): Promise<At<ConsistencyProofView>> {
    return this.reading(reader, async (tree, last) => {
      const of = to ?? last;
      assertInTree(of, last, '/to');
      if (from > of)
        throw refusedQuery(
          notInTree,
          `A tree of size ${of} does not begin with one of size ${from}.`,
          '/from',
        );
      return { path: (await tree.consistency(from, of)).map((hash) => hash.toString('hex')) };
    });
  }

  private async reading<T>(
    reader: Reader,
    work: (tree: MerkleTree, size: number) => Promise<T>,
  ): Promise<At<T>> {
    await this.reach(reader);
    const { organizationId, ledgerId } = reader;
    const size = await this.queries.size(organizationId, ledgerId);
    try {
      const result = await work(this.queries.tree(organizationId, ledgerId), size);
      return { result, revision: size - 1 };
    } catch (error) {
      // It is being made again from the first event on.
      if (error instanceof TreeIncomplete)
        throw new ReadModelBehind(1, `The Merkle log of ${ledgerId} is being made again: ${error.message}.`);
      throw error;
    }
  }

  private async reach(reader: Reader): Promise<void> {
    await this.models.check(reader);
    const { ledgers } = this.acknowledged;
    await reachPosition(this.queries, ledgers, reader.ledgerId, reader, 'The Merkle log has');
  }
}

function assertInTree(size: number, last: number, param: string): void {
  if (size > last) throw refusedQuery(notInTree, `The tree has a size of ${last}, not ${size} yet.`, param);
}
