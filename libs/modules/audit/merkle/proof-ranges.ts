/** Leaves from `from` (inclusive) to `to` (exclusive), whose hash is that of the tree of just these. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** A node above a whole number of leaves: those from `index` · 2^`height` on, 2^`height` of them. */
export interface TreeNode {
  readonly height: number;
  readonly index: number;
}

/**
 * What the path of an inclusion proof is the hashes of, from the leaf up (RFC 9162, 2.1.3.1).
 * @param leaf from 0, below `size`
 */
export function inclusionRanges(leaf: number, size: number): readonly LeafRange[] {
  const path: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (leaf < middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
    }
  }
  return path.reverse();
}

/**
 * What the path of a consistency proof is the hashes of (RFC 9162, 2.1.4.1). Nothing where both sizes are the same, or
 * the older tree has no leaves: every tree begins with nothing.
 * @param older at most `size`
 */
export function consistencyRanges(older: number, size: number): readonly LeafRange[] {
  if (older === 0 || older === size) return [];
  const path: LeafRange[] = [];
  let [from, to] = [0, size];
  // As long as the older tree ends where this subtree does, whoever has its root need not be told it.
  let isOlderKnown = true;
  while (to > older) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      path.push({ from: middle, to });
      to = middle;
    } else {
      path.push({ from, to: middle });
      from = middle;
      isOlderKnown = false;
    }
  }
  if (!isOlderKnown) path.push({ from, to });
  return path.reverse();
}

/**
 * The nodes that a range is made of, from left to right: one for each bit of its length.
 * @param range one that begins at a multiple of the largest power of two in its length, as those of proofs do
 */
export function nodesOf({ from, to }: LeafRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = from; at < to;) {
    const height = Math.floor(Math.log2(to - at));
    nodes.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return nodes;
}

/** The largest power of two that is smaller. @param size at least 2 */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
