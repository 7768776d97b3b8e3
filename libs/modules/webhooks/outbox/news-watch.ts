import { allStreams, publicEventsChannel } from '@fintech-ledger/events';
import type { Database, SqlSession } from '@fintech-ledger/postgres';
import { webhooksChannel } from './channels';

/** Everything is compared so often at least, whatever is told; more often while nobody tells. */
const [sweepMs, untoldMs] = [5_000, 250];
/**
 * So that what comes together is looked at together; and while there are no endpoints, so that it costs nothing: the
 * first messages of the first one are so much later.
 */
const [gatherMs, unwantedMs] = [10, 500];

/** Where there may be news: streams by their keys, or anywhere. */
export type WhereNews = readonly string[] | 'anywhere';

export interface NewsWatchOptions {
  readonly db: Pick<Database, 'session'>;
  /** Streams of public events have more. */
  readonly onNews: () => void;
  /** Whether there are endpoints. */
  readonly isWanted: () => boolean;
  /** Something is to be sent, or a replay was started. */
  readonly onWork: () => void;
}

/** Knows which streams have news, as projectors tell, so that not all of them have to be compared all the time. */
export class NewsWatch {
  private readonly keys = new Set<string>();
  private session: Promise<SqlSession> | undefined;
  private isListening = false;
  private sweptAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: NewsWatchOptions) {}

  /** What is to be looked at now, as it was told; it is not said again. */
  async told(): Promise<readonly string[]> {
    await this.listening();
    const keys = [...this.keys];
    this.keys.clear();
    return keys;
  }

  /** Whether everything is to be looked at now, which may take long; without a session with Postgres more often. */
  async isSweepDue(): Promise<boolean> {
    await this.listening();
    const nowMs = performance.now();
    if (nowMs - this.sweptAt < (this.isListening ? sweepMs : untoldMs)) return false;
    this.sweptAt = nowMs;
    return true;
  }

  /** There is more of these. */
  add(where: WhereNews): void {
    if (where === 'anywhere') this.sweptAt = -Infinity;
    else for (const key of where) this.keys.add(key);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const session = await this.session?.catch(() => undefined);
    await session?.release();
  }

  private async listening(): Promise<void> {
    if (!this.isClosed) this.session ??= this.listen();
    await this.session?.catch(() => (this.session = undefined));
  }

  private async listen(): Promise<SqlSession> {
    const session = await this.options.db.session();
    session.onLost(() => {
      this.session = undefined;
      this.isListening = false;
    });
    await session.listen(publicEventsChannel, (payload) => {
      this.add(payload === allStreams ? 'anywhere' : payload.split(','));
      this.timer ??= setTimeout(
        () => {
          this.timer = undefined;
          this.options.onNews();
        },
        this.options.isWanted() ? gatherMs : unwantedMs,
      );
    });
    await session.listen(webhooksChannel, () => this.options.onWork());
    this.isListening = true;
    // What was told before is not told again.
    this.sweptAt = -Infinity;
    return session;
  }
}
