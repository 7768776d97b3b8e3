import type { PublicEventReader, PublicEventSight } from '@fintech-ledger/events';
import { isPersonal } from '@fintech-ledger/privacy';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { decodeCursor, encodeCursor, FairTurns } from '@fintech-ledger/projection-runtime';
import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { auditPagesAtOnce, auditPagesOfOneAtOnce } from '../trail/limits';
import type { AuditLineView } from './audit-line-shape';
import { compare } from './find-lines';
import type { FoundLine, LineFilter, LinePlace } from './find-lines';
import type { AuditLogQueries } from './queries';
import type { AuditLineReader, ReadLine } from './read-lines';

/** What is asked for. */
export interface AuditLogFilter extends Omit<LineFilter, 'origins' | 'after'> {
  /** Only what came from this address, as long as addresses are kept. */
  readonly ip?: string;
}

type Page = PageOf<AuditLineView>;
const cursorKind = 'audit_log';

/** What anybody did in an organization, or was refused. */
export class AuditLog {
  private readonly turns = new FairTurns({
    of: 'audit_log',
    runningMax: auditPagesAtOnce,
    runningOfOwnerMax: auditPagesOfOneAtOnce,
  });

  constructor(
    private readonly sight: Pick<PublicEventSight, 'reach'>,
    private readonly queries: AuditLogQueries,
    private readonly lines: AuditLineReader,
    private readonly values: PersonalValues,
  ) {}

  /** Newest first. @throws InvalidCursor @throws ReadModelHalted @throws ReadModelBehind @throws JournalDisagrees */
  async page(reader: PublicEventReader, filter: AuditLogFilter, page: PageRequest): Promise<At<Page>> {
    const { organizationId } = reader;
    const after = page.cursor === undefined ? {} : { after: placeOf(page.cursor) };
    await this.sight.reach(reader);
    const { ip, ...rest } = filter;
    const { result: found, revision } = await this.find(
      organizationId,
      { ...rest, ...after },
      ip,
      page.limit + 1,
    );
    const read = await this.turns.run(organizationId, () =>
      this.lines.read(organizationId, found.slice(0, page.limit)),
    );
    const last = read.at(-1)?.place;
    const hasMore = read.length < found.length;
    const result: Page = {
      data: read.flatMap((line) => (isMeant(line, filter) && line.view !== undefined ? [line.view] : [])),
      has_more: hasMore,
      next_cursor: hasMore && last !== undefined ? cursorOf(last) : null,
    };
    const hasPersonal = isPersonal(JSON.stringify(result.data));
    return { result: hasPersonal ? await this.values.openIn(organizationId, result) : result, revision };
  }

  /** What came from an address may be of any number of origins: the newest of each some of them are put together. */
  private async find(
    organizationId: string,
    filter: LineFilter,
    ip: string | undefined,
    count: number,
  ): Promise<At<readonly FoundLine[]>> {
    if (ip === undefined) return this.queries.find(organizationId, filter, count);
    let found = await this.queries.find(organizationId, { ...filter, origins: [] }, count);
    for await (const origins of this.queries.origins.ofAddress(organizationId, ip)) {
      const { result } = await this.queries.find(organizationId, { ...filter, origins }, count);
      found = { ...found, result: newest([...found.result, ...result], count) };
    }
    return found;
  }

  /** All of them, newest first, page by page. The first page is awaited here, so that what it can't do is a problem. */
  async all(
    reader: PublicEventReader,
    filter: AuditLogFilter,
    limit: number,
  ): Promise<At<AsyncIterable<AuditLineView>>> {
    const first = await this.page(reader, filter, { limit });
    return {
      result: this.pagesFrom(first.result, { ...reader, isEventual: true }, filter, limit),
      revision: first.revision,
    };
  }

  private async *pagesFrom(
    first: Page,
    reader: PublicEventReader,
    filter: AuditLogFilter,
    limit: number,
  ): AsyncGenerator<AuditLineView> {
    for (let page = first; ;) {
      yield* page.data;
      if (page.next_cursor === null) return;
      page = (await this.page(reader, filter, { limit, cursor: page.next_cursor })).result;
    }
  }
}

/** Two origins may have one key: a line is found by each of them. */
function newest(lines: readonly FoundLine[], count: number): readonly FoundLine[] {
  const sorted = lines.toSorted((a, b) => compare(b, a));
  return sorted
    .filter((line, at) => at === 0 || compare(line, sorted[at - 1] as FoundLine) !== 0)
    .slice(0, count);
}

/** Keys lead to few lines too many. */
function isMeant({ view }: ReadLine, { actor, action, ip }: AuditLogFilter): boolean {
  if (view === undefined) return false;
  if (actor !== undefined && (view.actor.id ?? 'system') !== actor) return false;
  if (action !== undefined && view.action !== action) return false;
  return ip === undefined || view.ip === ip;
}

function cursorOf({ recordedMs, streamKey, revision, item }: LinePlace): string {
  return encodeCursor(cursorKind, [recordedMs, streamKey, revision, item]);
}

/** @throws InvalidCursor */
function placeOf(cursor: string): LinePlace {
  const key = decodeCursor(cursorKind, ['number', 'number', 'number', 'number'], cursor);
  const [recordedMs, streamKey, revision, item] = key as [number, number, number, number];
  return { recordedMs, streamKey, revision, item };
}
