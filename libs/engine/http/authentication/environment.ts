/**
 * What the books that a key opens are of: the live organization that operates the installation (its first one), another
 * live organization, or a sandbox.
 */
export type Environment = 'operator' | 'live' | 'sandbox';

/** Whether the books are of a live organization. */
export const isLive = ({ environment }: { readonly environment: Environment }): boolean =>
  environment !== 'sandbox';
