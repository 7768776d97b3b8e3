import { hash } from 'node:crypto';
import { CompactTree } from './compact-tree';
import { emptyRoot, leafHash, nodeHash } from './hashing';
import { MerkleTree, tileName, TreeIncomplete } from './merkle-tree';
import { consistencyRanges, inclusionRanges } from './proof-ranges';
import type { LeafRange } from './proof-ranges';
import { hashOfTile, tileEntries } from './tiles';

/** The leaves of the vectors of Certificate Transparency, whose hashing RFC 9162 took over, and the roots of the first n. */
const vectorLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
vectorLeaves.push(Buffer.from('606162636465666768696a6b6c6d6e6f', 'hex'));
const vectorRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** MTH of RFC 9162, 2.1.1, word for word. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return emptyRoot;
  if (leaves.length === 1) return leafHash(first);
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** PATH of RFC 9162, 2.1.3.1, word for word. */
function path(m: number, leaves: readonly Buffer[]): readonly Buffer[] {
  const n = leaves.length;
  if (n === 1) return [];
  const k = 2 ** Math.floor(Math.log2(n - 1));
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k ? [...path(m, left), treeHash(right)] : [...path(m - k, right), treeHash(left)];
}

/** SUBPROOF of RFC 9162, 2.1.4.1, word for word. */
function subproof(m: number, leaves: readonly Buffer[], b: boolean): readonly Buffer[] {
  const n = leaves.length;
  if (m === n) return b ? [] : [treeHash(leaves)];
  const k = 2 ** Math.floor(Math.log2(n - 1));
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...subproof(m, left, b), treeHash(right)]
    : [...subproof(m - k, right, false), treeHash(left)];
}

const hashesOf = (ranges: readonly LeafRange[], leaves: readonly Buffer[]) =>
  ranges.map(({ from, to }) => treeHash(leaves.slice(from, to)));
const eventHash = (n: number): Buffer => Buffer.from(hash('sha256', `event ${n}`, 'hex'), 'hex');

/** A tree in tiles, as the projection keeps it. */
function tiled(leaves: readonly Buffer[]): MerkleTree {
  const tiles = new Map<string, Buffer>();
  for (let level = 0, entries = leaves; entries.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let tile = 0; tile * tileEntries < entries.length; tile += 1) {
      const kept = Buffer.concat(entries.slice(tile * tileEntries, (tile + 1) * tileEntries));
      tiles.set(tileName({ level, tile }), kept);
      if (kept.length === tileEntries * 32) above.push(hashOfTile(kept, level));
    }
    entries = above;
  }
  return new MerkleTree((places) =>
    Promise.resolve(
      new Map(
        places.flatMap((place) => {
          const kept = tiles.get(tileName(place));
          return kept === undefined ? [] : [[tileName(place), kept] as const];
        }),
      ),
    ),
  );
}

describe('a Merkle tree', () => {
  it.each(vectorRoots.map((root, size) => [size, root]))('of %d leaves has the root %s', (size, root) => {
    const leaves = vectorLeaves.slice(0, Number(size));
    const compact = new CompactTree();
    for (const leaf of leaves) compact.add(leaf);
    expect(compact.root().toString('hex')).toBe(root);
    expect(treeHash(leaves).toString('hex')).toBe(root);
  });

  it('has the paths of RFC 9162 for every leaf and every older tree, up to 40 leaves', () => {
    const all = Array.from({ length: 40 }, (_, n) => eventHash(n));
    for (let size = 1; size <= all.length; size += 1) {
      const leaves = all.slice(0, size);
      for (let m = 0; m < size; m += 1) {
        expect(hashesOf(inclusionRanges(m, size), leaves)).toEqual(path(m, leaves));
        if (m > 0) expect(hashesOf(consistencyRanges(m, size), leaves)).toEqual(subproof(m, leaves, true));
      }
      expect(consistencyRanges(0, size)).toEqual([]);
      expect(consistencyRanges(size, size)).toEqual([]);
    }
  });

  it('has them from its tiles, over several levels of these', async () => {
    const all = Array.from({ length: 2_100 }, (_, n) => eventHash(n));
    const tree = tiled(all);
    for (const size of [1, 31, 32, 33, 1_023, 1_024, 1_025, 2_047, 2_100]) {
      const leaves = all.slice(0, size);
      expect(await tree.root(size)).toEqual(treeHash(leaves));
      for (const m of [0, 1, 30, 31, 32, 500, 1_023, 1_024, 2_099].filter((each) => each < size)) {
        expect(await tree.inclusion(m, size)).toEqual({ leaf: all[m], path: path(m, leaves) });
        if (m > 0) expect(await tree.consistency(m, size)).toEqual(subproof(m, leaves, true));
      }
    }
    expect(await tree.root(0)).toEqual(emptyRoot);
  });

  it('says when it does not have what it should', async () => {
    const tree = tiled([eventHash(0), eventHash(1)]);
    await expect(tree.root(3)).rejects.toThrow(TreeIncomplete);
    await expect(tree.inclusion(2, 3)).rejects.toThrow(TreeIncomplete);
  });
});
