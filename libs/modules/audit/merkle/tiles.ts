import { hashBytes, leafHash, nodeHash } from './hashing';
import type { TreeNode } from './proof-ranges';

/** Levels of the tree that one tile has, and how many entries of the lowest of them. */
export const tileHeight = 5;
export const tileEntries = 2 ** tileHeight;
export const tileBytes = tileEntries * hashBytes;

/**
 * Where a part of the tree is kept: the entries from `tile` · 32 on of a level. Those of level 0 are data of leaves,
 * each of a level above is the hash of a whole tile below.
 */
export interface TilePlace {
  readonly level: number;
  readonly tile: number;
}

/** In which tile the hash of a node is found: its height from there, and the first of its entries. */
interface NodePlace extends TilePlace {
  readonly height: number;
  readonly entry: number;
}

export function placeOf({ height, index }: TreeNode): NodePlace {
  const level = Math.floor(height / tileHeight);
  const inTile = height % tileHeight;
  const first = index * 2 ** inTile;
  return { level, tile: Math.floor(first / tileEntries), height: inTile, entry: first % tileEntries };
}

/** The hash of a node of a tile. Undefined: the tile does not have all of it yet. */
export function nodeInTile(entries: Buffer, { level, height, entry }: NodePlace): Buffer | undefined {
  if ((entry + 2 ** height) * hashBytes > entries.length) return undefined;
  return hashOf(entries, level, height, entry);
}

/** The hash of a whole tile: an entry of the level above. */
export function hashOfTile(entries: Buffer, level: number): Buffer {
  return hashOf(entries, level, tileHeight, 0);
}

function hashOf(entries: Buffer, level: number, height: number, entry: number): Buffer {
  if (height === 0) {
    const bytes = entries.subarray(entry * hashBytes, (entry + 1) * hashBytes);
    return level === 0 ? leafHash(bytes) : bytes;
  }
  const half = 2 ** (height - 1);
  return nodeHash(
    hashOf(entries, level, height - 1, entry),
    hashOf(entries, level, height - 1, entry + half),
  );
}
