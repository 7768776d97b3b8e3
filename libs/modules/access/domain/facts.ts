/** The facts of an organization's stream, `org-<organizationId>`. All times: RFC 3339, UTC, milliseconds. */
export interface OrganizationFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
}
/** A sandbox, as the stream of its live organization says it. */
export interface SandboxFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
}
/** The organization that a sandbox is, as its own stream says it. */
export interface SandboxOrganizationFacts extends OrganizationFacts {
  /** The live organization that it is below. */
  readonly parentId: string;
  readonly sandboxId: string;
}
export interface ApiKeyFacts {
  /** Addresses and ranges of them in CIDR notation, canonical: it opens from nowhere else. Absent: from anywhere. */
  readonly allowedIps?: readonly string[];
  readonly createdAt: string;
  /** It opens nothing from then on. Real time; absent: it has no end. */
  readonly expiresAt?: string;
  /** HMAC-SHA256 of the whole key with the pepper, hex. The key itself is never kept. */
  readonly hmac: string;
  readonly id: string;
  readonly last4: string;
  readonly name: string;
  readonly scopes: readonly string[];
}
/** A secret of a key that a newer one has replaced, and that opens until a time. Real time. */
export interface OlderKeySecret {
  /** 1: the one that the key was made with. */
  readonly generation: number;
  readonly hmac: string;
  readonly until: string;
}
/** A key as a rotation left it: `hmac` and `last4` are of its newest secret. */
export interface RotatedApiKeyFacts extends ApiKeyFacts {
  /** What opens beside the newest secret, the youngest first. */
  readonly olderSecrets: readonly OlderKeySecret[];
  readonly secretGeneration: number;
}
/** An attempt to bring the clock of a sandbox to a time, and how far it has come. */
export interface ClockAdvanceFacts {
  readonly id: string;
  /** All that was due by then is done. */
  readonly at: string;
  /** When it is looked after if nothing is known until then. Real time. */
  readonly askAt: string;
  /** From 1. */
  readonly attempt: number;
  /** Whether the clock stands afterwards, or goes on. */
  readonly frozen: boolean;
  /** How many due items were run so far. */
  readonly ran: number;
  readonly to: string;
}
