export const orderings = ['none', 'per_object', 'strict'] as const;
export type Ordering = (typeof orderings)[number];
/** Why an endpoint gets nothing: somebody asked, it answered 410, or it failed for too long. */
export const disablings = ['requested', 'gone', 'failing'] as const;
export type Disabling = (typeof disablings)[number];

/** What a client says of an endpoint. The values of headers are kept elsewhere, sealed, under `headersRef`. */
export interface EndpointSettings {
  readonly description: string | null;
  readonly eventTypes: readonly string[];
  readonly headerNames: readonly string[];
  readonly headersRef: string | null;
  readonly ordering: Ordering;
  readonly url: string;
}

/** A secret that signs until a time, beside the newest one. */
export interface OlderSecret {
  readonly generation: number;
  readonly until: string;
}

/** An endpoint as an event left it. Its secret follows from its id and the generation, so it is in no event. */
export interface EndpointFacts extends EndpointSettings {
  readonly createdAt: string;
  /** Null: it is enabled. */
  readonly disabledBecause: Disabling | null;
  readonly id: string;
  /** What signs too, of generations before the one that `previousSecretUntil` is of; absent: nothing does. */
  readonly olderSecrets?: readonly OlderSecret[];
  /** Until then the secret of the generation before signs too. */
  readonly previousSecretUntil: string | null;
  readonly secretGeneration: number;
}
