import type { TreeHead } from '../heads/audit-shapes';

/** What targets get of a head: the head as `GET …/audit/head` has it, and what ties it to the one before. */
export interface PublishedHeadLine extends TreeHead {
  readonly object: 'published_head';
  /** That this tree begins with the one published before (RFC 9162, 2.1.4); null: there is none before. */
  readonly consistency: { readonly from: number; readonly path: readonly string[] } | null;
}
