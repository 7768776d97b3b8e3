import { instruments } from '@fintech-ledger/telemetry';
import { joinedBytesMax } from './limits';
import { AppendRejected, revision } from './port';
import type { AppendResult, EventToAppend } from './port';

/** An append at an exact revision. */
export interface ExactAppend {
  readonly stream: string;
  /** Of the event that is the stream's last one. */
  readonly before: number;
  readonly events: readonly EventToAppend[];
}

/** A store that can store the appends of several streams at once. */
export interface JoinableStore {
  /** As `append` of the port. */
  appendAlone(append: ExactAppend): Promise<AppendResult>;
  /**
   * Stores all of them, in their order, or nothing. No two are of one stream.
   * @returns those that can't be stored with the others, as their streams are elsewhere or in use; if there are none,
   * all are stored
   * @throws as `append` of the port, of all of them
   */
  appendTogether(appends: readonly ExactAppend[]): Promise<readonly ExactAppend[]>;
}

interface Waiting {
  readonly append: ExactAppend;
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** The others wait for a joined append no longer than this: its connection may hang. */
const waitMs = 1_000;

/**
 * Joins the appends of many streams: while one is on its way, those that come wait for it, and go together when it has
 * ended. One that comes when none is on its way goes at once. What keeps one from being stored keeps back no other.
 */
export class AppendJoiner {
  private waiting: Waiting[] = [];
  private isOnItsWay = false;

  constructor(private readonly store: JoinableStore) {}

  /** @param bytes of its events; more than `joinedBytesMax` are joined with nothing */
  append(append: ExactAppend, bytes: number): Promise<AppendResult> {
    if (bytes > joinedBytesMax) return this.store.appendAlone(append);
    return new Promise((resolve, reject) => {
      this.waiting.push({ append, bytes, resolve, reject });
      this.sendNext();
    });
  }

  private sendNext(): void {
    if (this.isOnItsWay || this.waiting.length === 0) return;
    this.isOnItsWay = true;
    let isOver = false;
    const end = (): void => {
      if (!isOver) {
        isOver = true;
        clearTimeout(timer);
        this.isOnItsWay = false;
      }
      // Also when it ends late: what could not go with others waits again by then.
      this.sendNext();
    };
    const timer = setTimeout(end, waitMs);
    const group = this.takeGroup();
    instruments.appendStreams.record(group.length);
    const [first] = group;
    void (group.length === 1 && first ? this.sendAlone(first) : this.sendTogether(group)).finally(end);
  }

  /** The first that wait, as far as they may go together. */
  private takeGroup(): readonly Waiting[] {
    const streams = new Set<string>();
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    let bytes = 0;
    for (const one of this.waiting) {
      const { stream } = one.append;
      // Once one does not fit, none after it does: they keep their order.
      const fits = bytes + one.bytes <= joinedBytesMax;
      bytes += one.bytes;
      if (!fits || streams.has(stream)) left.push(one);
      else group.push(one);
      streams.add(stream);
    }
    this.waiting = left;
    return group;
  }

  private async sendTogether(group: readonly Waiting[]): Promise<void> {
    try {
      const apart = new Set(await this.store.appendTogether(group.map(({ append }) => append)));
      if (apart.size === 0) {
        for (const { append, resolve } of group)
          resolve({ revision: revision(append.before + append.events.length), repeated: false });
        return;
      }
      this.waiting.unshift(...group.filter(({ append }) => !apart.has(append)));
      for (const one of group) if (apart.has(one.append)) void this.sendAlone(one);
    } catch (error) {
      // One of them is the reason: each learns for itself whether it is.
      if (error instanceof AppendRejected) for (const one of group) void this.sendAlone(one);
      else for (const { reject } of group) reject(error);
    }
  }

  private async sendAlone({ append, resolve, reject }: Waiting): Promise<void> {
    await this.store.appendAlone(append).then(resolve, reject);
  }
}
