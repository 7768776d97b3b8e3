import { journalStream, recomputeHash } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { JournalDisagrees, minPositionWaitMs } from '@fintech-ledger/projection-runtime';
import type { AuditKeys, SigningKey } from '../keys/audit-keys';
import { signingKey } from '../keys/signing-key';
import type { MerkleLogQueries } from '../log/queries';
import { CompactTree } from '../merkle/compact-tree';
import type { TreeHead } from './audit-shapes';
import { signatureOf, signHead } from './sign-head';

/** What proves a file of the lines of a ledger. */
export interface ProofBundle {
  readonly object: 'proof_bundle';
  readonly format: 1;
  readonly head: TreeHead | null;
  readonly lines_sha256: string;
  readonly key_id: string;
  readonly signature: string;
}

/** The events of a ledger on their way into a file, and what proves that file afterwards. */
export interface ProvenEvents {
  /** @throws JournalDisagrees one does not have the hash that it carries */
  events(): AsyncIterable<RecordedEvent>;
  /**
   * When all events were read. The head is null where the Merkle log is halted, or does not get there in time.
   * @throws JournalDisagrees they are not what the Merkle log was made of
   */
  bundle(linesSha256: string): Promise<ProofBundle>;
}

/** Makes proof bundles: signs what was written of a ledger, with the head of its Merkle log at that size. */
export class ProofBundles {
  constructor(
    private readonly queries: MerkleLogQueries,
    private readonly keys: Pick<AuditKeys, 'signing'>,
  ) {}

  /** @throws ApiProblem 503: there is no key to sign with, which is known before anything is answered */
  async over(
    organizationId: string,
    ledgerId: string,
    events: () => AsyncIterable<RecordedEvent>,
  ): Promise<ProvenEvents> {
    await signingKey(this.keys);
    let tree = new CompactTree();
    return {
      async *events() {
        tree = new CompactTree();
        for await (const event of events()) {
          const hash = recomputeHash(event);
          const { hash: carried } = JSON.parse(event.metadata) as { readonly hash?: string };
          if (hash === undefined || hash !== carried)
            throw new JournalDisagrees(
              event.stream,
              event.revision,
              'it does not have the hash that it carries',
            );
          tree.add(Buffer.from(hash, 'hex'));
          yield event;
        }
      },
      bundle: async (linesSha256) => {
        const key = await signingKey(this.keys);
        const head = await this.head(key, organizationId, ledgerId, tree);
        const { keyId: key_id } = key;
        const signed = {
          object: 'proof_bundle',
          format: 1,
          head,
          lines_sha256: linesSha256,
          key_id,
        } as const;
        return { ...signed, signature: signatureOf(key.privateKey, signed) };
      },
    };
  }

  private async head(
    key: SigningKey,
    organizationId: string,
    ledgerId: string,
    tree: CompactTree,
  ): Promise<TreeHead | null> {
    const { size } = tree;
    if ((await this.queries.haltedReason(ledgerId)) !== undefined) return null;
    if (!(await this.queries.waitFor(ledgerId, size - 1, minPositionWaitMs))) return null;
    const root = (await this.queries.tree(organizationId, ledgerId).root(size)).toString('hex');
    const read = tree.root().toString('hex');
    if (read !== root) {
      const detail = `the Merkle log of the events below it has the root ${root}, those that were read ${read}`;
      throw new JournalDisagrees(journalStream(ledgerId), size, detail);
    }
    return signHead(key, { ledger: ledgerId, root, size, time: new Date().toISOString() });
  }
}
