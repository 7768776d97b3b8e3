import { joined } from './compact-tree';
import { hashBytes } from './hashing';
import { consistencyRanges, inclusionRanges, nodesOf } from './proof-ranges';
import type { LeafRange } from './proof-ranges';
import { nodeInTile, placeOf, tileEntries } from './tiles';
import type { TilePlace } from './tiles';

/** Reads tiles of one tree, all at once; what is not there is left out. */
export type ReadTiles = (places: readonly TilePlace[]) => Promise<ReadonlyMap<string, Buffer>>;

export const tileName = ({ level, tile }: TilePlace): string => `${level}/${tile}`;

/** A tile does not have what a tree of this size has. */
export class TreeIncomplete extends Error {
  override readonly name = 'TreeIncomplete';
}

export interface InclusionProof {
  /** The data of the leaf. */
  readonly leaf: Buffer;
  readonly path: readonly Buffer[];
}

/** A tree in tiles: what an answer takes grows with the logarithm of its size. All throw TreeIncomplete. */
export class MerkleTree {
  constructor(private readonly read: ReadTiles) {}

  async root(size: number): Promise<Buffer> {
    const [root] = await this.hashes([{ from: 0, to: size }]);
    return root as Buffer;
  }

  /** @param leaf from 0, below `size` */
  async inclusion(leaf: number, size: number): Promise<InclusionProof> {
    const ranges = inclusionRanges(leaf, size);
    const place = { level: 0, tile: Math.floor(leaf / tileEntries) };
    const { tiles, hashes } = await this.hashesWith(ranges, [place]);
    const at = (leaf % tileEntries) * hashBytes;
    const data = tiles.get(tileName(place))?.subarray(at, at + hashBytes);
    if (data?.length !== hashBytes) throw new TreeIncomplete(`it has no leaf ${leaf}`);
    return { leaf: data, path: hashes };
  }

  /** @param older at most `size` */
  async consistency(older: number, size: number): Promise<readonly Buffer[]> {
    return this.hashes(consistencyRanges(older, size));
  }

  private async hashes(ranges: readonly LeafRange[]): Promise<readonly Buffer[]> {
    return (await this.hashesWith(ranges, [])).hashes;
  }

  private async hashesWith(
    ranges: readonly LeafRange[],
    also: readonly TilePlace[],
  ): Promise<{ readonly tiles: ReadonlyMap<string, Buffer>; readonly hashes: readonly Buffer[] }> {
    const nodes = ranges.map((range) => nodesOf(range).map(placeOf));
    const places = new Map([...also, ...nodes.flat()].map((place) => [tileName(place), place]));
    const tiles: ReadonlyMap<string, Buffer> =
      places.size === 0 ? new Map() : await this.read([...places.values()]);
    const hashes = nodes.map((ofRange) =>
      joined(
        ofRange.map((place) => {
          const entries = tiles.get(tileName(place));
          const hash = entries === undefined ? undefined : nodeInTile(entries, place);
          if (hash !== undefined) return hash;
          throw new TreeIncomplete(`its tile ${tileName(place)} is not complete`);
        }),
      ),
    );
    return { tiles, hashes };
  }
}
