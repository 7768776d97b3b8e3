/** Is told which keys were let in. */
export interface KeyUses {
  /** In memory alone: every request pays for it. */
  note(keyId: string): void;
}
