import { emptyRoot, leafHash, nodeHash } from './hashing';

/** A tree that leaves are added to, and that keeps no more than one hash for each bit of its size. */
export class CompactTree {
  size = 0;
  /** Of whole subtrees, the largest first. */
  private readonly subtrees: { readonly height: number; readonly hash: Buffer }[] = [];

  add(data: Uint8Array): void {
    let height = 0;
    let hash = leafHash(data);
    for (let last = this.subtrees.at(-1); last?.height === height; last = this.subtrees.at(-1)) {
      hash = nodeHash(last.hash, hash);
      height += 1;
      this.subtrees.pop();
    }
    this.subtrees.push({ height, hash });
    this.size += 1;
  }

  root(): Buffer {
    return joined(this.subtrees.map(({ hash }) => hash));
  }
}

/** The hash of subtrees that stand side by side, each larger than the next; of none: that of a tree without leaves. */
export function joined(hashes: readonly Buffer[]): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}
