/**
 * What the books that a key opens are of: the live organization that operates the installation (its first one), another
 * live organization, or a sandbox.
 */
export type Environment = 'operator' | 'live' | 'sandbox';
