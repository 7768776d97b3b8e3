import type { KeyEnd } from '@fintech-ledger/journal';
import type { Environment } from './environment';

/** A secret that a newer one has replaced, and that opens until a time. */
export interface OlderSecret {
  readonly generation: number;
  readonly hmac: string;
  readonly untilMs: number;
}

/** What authentication knows of a key that is in force. */
export interface ApiKeyCredentials {
  readonly keyId: string;
  readonly organizationId: string;
  readonly environment: Environment;
  /** HMAC-SHA256 of the secret with the pepper, hex. */
  readonly hmac: string;
  /** Of this secret: how often the key was given one. Absent: once. */
  readonly generation?: number;
  /** What opens beside it, the youngest first. Absent: nothing does. */
  readonly older?: readonly OlderSecret[];
  /** It opens nothing from then on, by the clock of the process. Absent: it has no end. */
  readonly expiresMs?: number;
  /** Canonical addresses and ranges; absent: it opens from anywhere. */
  readonly allowedIps?: readonly string[];
  readonly scopes: readonly string[];
}

/**
 * The API keys that there are, from memory, and as of when that is so: never from a view that may be behind
 * without anybody knowing.
 */
export interface ApiKeyDirectory {
  /** By the key's public id. Undefined: it is not known, or was revoked. The same object as long as nothing changes. */
  find(keyId: string): ApiKeyCredentials | undefined;
  /**
   * Why a key, or a secret of it, opens nothing any more; undefined: it is in force, as far as is known.
   * @param secret which one; absent: its first
   */
  ended(keyId: string, secret?: number): KeyEnd | undefined;
  /** How old what is known of this organization's keys may be, milliseconds. */
  ageMs(organizationId: string): number;
  /** Learns all that is stored by now, if it can in a moment. Whether it did. */
  refresh(): Promise<boolean>;
  /** Resolves when every process knows what is stored by now, or refuses commands because it may not. */
  untilKnownEverywhere(): Promise<void>;
  /**
   * A key that is not kept in memory (there are too many, or nothing could be read yet). @throws ReadModelBehind,
   * DatabaseUnavailable
   */
  recall(keyId: string): Promise<ApiKeyCredentials | undefined>;
}

export const apiKeyDirectoryPort = Symbol('ApiKeyDirectory');
