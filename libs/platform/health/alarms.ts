import { instruments } from '@fintech-ledger/telemetry';

/** What alarms are about: the names of checks in `/health/ready`, and the labels of the metric `ledger_alarms`. Each has an alert. */
export const alarmChecks = [
  /** No command can be written, whatever its ledger: the event store is unavailable, or there is no writer. The subject says what is missing. */
  'writes',
  /**
   * The event store is not the one of this installation, or is older than what is known of it. With the subject `''` that is so of all of it, and the
   * process can't do its job; else of one stream.
   */
  'store',
  /** A clock that jumped: commands are refused. */
  'clock',
  /** What is due and can't be handled, such as a hold whose expiry could not be recorded. */
  'due_records',
  /** What an event intends outside, such as a call, of which nothing is known after several attempts. */
  'effects',
  /** A stream whose events don't hold: changed, lost, or of an unknown kind. */
  'streams',
  /** What projectors or the relay can't go on with. */
  'projections',
  /** Webhooks that can't be made or sent, whatever their receivers do. */
  'webhooks',
  /** Signed tree heads that are not published, or that a ledger contradicts. */
  'audit_heads',
  /** A database that this process can do a part of its job without. */
  'database',
] as const;
export type AlarmCheck = (typeof alarmChecks)[number];

export interface Alarm {
  readonly check: AlarmCheck;
  /** What it concerns: a stream, a projection, or `''` for the whole process. */
  readonly subject: string;
  /** A sentence for an operator: what is wrong and what to do. */
  readonly reason: string;
  /** When it was first raised: RFC 3339, UTC, milliseconds. */
  readonly since: string;
}

/** Where alarms are raised and cleared. */
export type AlarmSink = Pick<Alarms, 'raise' | 'clear'>;

/** Alarms kept at most; more are counted in the metric and not kept. */
export const alarmsMax = 1_000;

/** What a process knows to be wrong at the moment. Each is raised once for its check and subject, and stands until it is cleared. */
export class Alarms {
  private readonly standing = new Map<string, Alarm>();

  constructor(private readonly now: () => string = () => new Date().toISOString()) {}

  /** Raises an alarm, or changes the reason of the one that stands. Returns true when it is new, and so worth a log line. */
  raise(check: AlarmCheck, subject: string, reason: string): boolean {
    const key = `${check}\n${subject}`;
    const known = this.standing.get(key);
    if (known === undefined && this.standing.size >= alarmsMax) return false;
    this.standing.set(key, { check, subject, reason, since: known?.since ?? this.now() });
    this.count(check);
    return known === undefined;
  }

  /** Returns true when there was such an alarm. */
  clear(check: AlarmCheck, subject: string): boolean {
    const was = this.standing.delete(`${check}\n${subject}`);
    if (was) this.count(check);
    return was;
  }

  /** The oldest first. */
  list(): readonly Alarm[] {
    return [...this.standing.values()];
  }

  private count(check: AlarmCheck): void {
    let standing = 0;
    for (const alarm of this.standing.values()) if (alarm.check === check) standing += 1;
    instruments.alarms.record(standing, { check });
  }
}
