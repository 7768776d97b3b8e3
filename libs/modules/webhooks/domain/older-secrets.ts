import type { EndpointFacts, OlderSecret } from './facts';

export type EndpointSecrets = Pick<
  EndpointFacts,
  'olderSecrets' | 'previousSecretUntil' | 'secretGeneration'
>;

/** What signs at this time beside the newest secret, the youngest first. */
export function olderInForce(endpoint: EndpointSecrets, nowMs: number): readonly OlderSecret[] {
  const { olderSecrets = [], previousSecretUntil: until, secretGeneration } = endpoint;
  const previous = until === null ? [] : [{ generation: secretGeneration - 1, until }];
  return [...previous, ...olderSecrets].filter((older) => nowMs < Date.parse(older.until));
}
