import { genesisHash, metadataText } from '@fintech-ledger/envelope';
import type { FeedEvent } from '@fintech-ledger/event-feed';

/** How far a stream was applied: the revision, and the chain hash of that event, which says which event it was. */
export interface ChainHead {
  /** -1: nothing yet. */
  readonly revision: number;
  /** Undefined: it was applied before hashes were kept. */
  readonly hash: string | undefined;
}

/** Before a stream's first event. */
export const noHead: ChainHead = { revision: -1, hash: genesisHash };

/** An event's place in its stream's chain; undefined where events have no hashes. */
export interface ChainLink {
  readonly previousHash: string | undefined;
  readonly hash: string | undefined;
}

/** As the metadata's text says it. */
export function linkInText({ metadata }: Pick<FeedEvent, 'metadata'>): ChainLink {
  return {
    previousHash: metadataText(metadata, 'previousHash'),
    hash: metadataText(metadata, 'hash'),
  };
}

/** A copy that does not keep the text alive which it was cut from. */
export const ownText = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
