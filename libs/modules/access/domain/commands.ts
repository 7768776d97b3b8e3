/** Opens the books of an organization; always the first command of its stream. */
export interface CreateOrganization {
  readonly type: 'CreateOrganization';
  readonly name: string;
}
/** Of a live organization: it has one more sandbox. The sandbox's own stream begins with `OpenSandbox`. */
export interface CreateSandbox {
  readonly type: 'CreateSandbox';
  readonly name: string;
  /** How many there may be; absent: the installation itself asks. */
  readonly sandboxesMax?: number;
}
/** Opens the books of a sandbox; always the first command of its stream. */
export interface OpenSandbox {
  readonly type: 'OpenSandbox';
  readonly sandboxId: string;
  readonly parentId: string;
  readonly name: string;
}
/** The key was made before (see `makeApiKey`): only its HMAC and its last four characters travel on. */
export interface CreateApiKey {
  readonly type: 'CreateApiKey';
  readonly apiKeyId: string;
  readonly hmac: string;
  readonly last4: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** RFC 3339, UTC, milliseconds; null as absent: it has no end. */
  readonly expiresAt?: string | null;
  /** Canonical addresses and ranges; null as absent: it opens from anywhere. */
  readonly allowedIps?: readonly string[] | null;
}
/** The key stays, and has another secret, which was made before like that of a new key. */
export interface RotateApiKey {
  readonly type: 'RotateApiKey';
  readonly apiKeyId: string;
  readonly hmac: string;
  readonly last4: string;
  /** How long the secret of before opens too. 0: all older ones end. */
  readonly overlapSeconds: number;
  /** The scopes of who asks, which may take over no more; absent: the installation itself asks. */
  readonly scopes?: readonly string[];
}
export interface RevokeApiKey {
  readonly type: 'RevokeApiKey';
  readonly apiKeyId: string;
  /** The scopes of who asks, which may take away no more; absent: the installation itself asks. */
  readonly scopes?: readonly string[];
}
/** Of a sandbox: its clock stands at this time from now on. */
export interface FreezeClock {
  readonly type: 'FreezeClock';
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
}
/** Of a sandbox: its clock is moved, and what falls due on the way is run. */
export interface AdvanceClock {
  readonly type: 'AdvanceClock';
  /** RFC 3339, UTC, milliseconds. */
  readonly to: string;
}
/** Of a sandbox: its clock goes on from where it stands. */
export interface ReleaseClock {
  readonly type: 'ReleaseClock';
}
/** Of a sandbox: what time is it? Changes nothing. */
export interface ReadClock {
  readonly type: 'ReadClock';
}
/** How far an advance has come; changes nothing. Asked by the installation itself. */
export interface ReadClockAdvance {
  readonly type: 'ReadClockAdvance';
  readonly advanceId: string;
}
/** What an attempt at an advance has come to: it is where it was to go, at its limit, or still under way. */
export interface RecordClockAdvance {
  readonly type: 'RecordClockAdvance';
  readonly advanceId: string;
  readonly attempt: number;
  readonly at: string;
  readonly ran: number;
  readonly state: 'done' | 'too_far' | 'under_way';
}
/** The writer's own command: an attempt at an advance has told nothing in time. */
export interface ContinueClockAdvance {
  readonly type: 'ContinueClockAdvance';
  readonly advanceIds: readonly string[];
}
export type ClockCommand =
  | FreezeClock
  | AdvanceClock
  | ReleaseClock
  | ReadClock
  | ReadClockAdvance
  | RecordClockAdvance
  | ContinueClockAdvance;
export type AccessCommand =
  | CreateOrganization
  | CreateSandbox
  | OpenSandbox
  | CreateApiKey
  | RotateApiKey
  | RevokeApiKey
  | ClockCommand;
