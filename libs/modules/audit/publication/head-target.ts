/** A head as it is published. */
export interface PublishedHead {
  /** The order in which they were signed. */
  readonly sequence: string;
  /** One JSON text without line breaks: a `PublishedHeadLine`. */
  readonly line: string;
}

/** Where heads go. */
export interface HeadTarget {
  /** The label of metrics. */
  readonly kind: 'file' | 'url' | 'ledger';
  /** Of the installation; another place is another target, which gets all heads that are kept. */
  readonly name: string;
  /** How many it takes at once. */
  readonly atOnce: number;
  /** So long it is one process's while it takes them. */
  readonly claimMs: number;
  /**
   * Takes heads, in their order. It may be given again what it has: the process may have been killed in between.
   * @returns why it does not have them all; undefined: it does
   */
  publish(heads: readonly PublishedHead[]): Promise<string | undefined>;
}
