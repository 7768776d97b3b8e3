import { timeSortableId } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { readPlaces } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { partOfRequestId } from '@fintech-ledger/http';
import { systemActor } from '@fintech-ledger/journal';
import type { FoundOrigin } from '../trail/request-origins';
import { earlierAtOnce } from '../trail/limits';
import type { AuditLineView } from './audit-line-shape';
import { changesOf } from './changes-of';
import { Descriptions } from './describe';
import type { FoundLine } from './find-lines';
import type { AuditLogQueries } from './queries';
import { askedIn, codeOf, readSaid } from './said';
import type { Asked, Said } from './said';

/** A line, and what it says; undefined: nothing of this organization, keys lead to few lines too many. */
export interface ReadLine {
  readonly place: FoundLine;
  readonly view: AuditLineView | undefined;
}

interface Line {
  readonly place: FoundLine;
  readonly said: Said | undefined;
  /** What it says, of an event of the trail. */
  readonly asked: Asked | undefined;
}

/** What lines know that their events do not say. */
interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly origins: ReadonlyMap<string, FoundOrigin>;
  readonly before: ReadonlyMap<Line, Said>;
}

/** Makes lines of what events say. */
export class AuditLineReader {
  private readonly descriptions: Descriptions;

  constructor(
    private readonly registry: PublicEventRegistry,
    private readonly queries: AuditLogQueries,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {
    this.descriptions = new Descriptions(registry);
  }

  /** In their order; it ends early where events are large. @throws JournalDisagrees */
  async read(organizationId: string, places: readonly FoundLine[]): Promise<readonly ReadLine[]> {
    const found = await readPlaces(this.store, places);
    const lines = found.map(({ place, event }): Line => {
      const said = event === undefined ? undefined : readSaid(this.registry, event);
      if (said?.metadata.organizationId !== organizationId)
        return { place, said: undefined, asked: undefined };
      const all = askedIn(said.type, said.data);
      const asked = all?.[place.item];
      return { place, said: all === undefined || asked !== undefined ? said : undefined, asked };
    });
    const requests = lines.flatMap((line) => requestOf(line) ?? []);
    const parts = new Set(requests.flatMap((id) => partOfRequestId(id) ?? []));
    const actors = new Set(lines.flatMap((line) => actorOf(line) ?? []));
    const [names, origins, before] = await Promise.all([
      this.queries.keyNames(organizationId, [...actors]),
      this.queries.origins.find(organizationId, [...parts]),
      this.earlier(organizationId, lines),
    ]);
    const known = { names, origins, before };
    return lines.map((line) => ({ place: line.place, view: this.viewOf(line, known) }));
  }

  private async earlier(organizationId: string, lines: readonly Line[]): Promise<ReadonlyMap<Line, Said>> {
    const about = lines.flatMap((line) => {
      const { place, said, asked } = line;
      if (said === undefined || asked !== undefined) return [];
      const target = this.descriptions.target(said.type, said.data)?.id;
      return target === undefined ? [] : [{ ...place, target, line }];
    });
    const revisions = await this.queries.earlier(organizationId, about);
    const wanted = about.flatMap(({ line, stream }, at) => {
      const revision = revisions[at] ?? -1;
      return revision < 0 ? [] : [{ line, stream, revision }];
    });
    const before = new Map<Line, Said>();
    for (let at = 0; at < wanted.length; at += earlierAtOnce) {
      const some = wanted.slice(at, at + earlierAtOnce).map((one) => readPlaces(this.store, [one]));
      for (const { place, event } of (await Promise.all(some)).flat())
        if (event !== undefined) before.set(place.line, readSaid(this.registry, event));
    }
    return before;
  }

  private viewOf(line: Line, { names, origins, before }: Known): AuditLineView | undefined {
    const { place, said, asked } = line;
    if (said === undefined) return undefined;
    const actor = actorOf(line);
    const requestId = requestOf(line) ?? null;
    const origin = origins.get(partOfRequestId(requestId ?? '') ?? '');
    const what = asked === undefined ? this.happened(said, before.get(line)) : wasAsked(asked);
    return {
      id: idOf(place),
      object: 'audit_log_line',
      time: what.time,
      actor:
        actor === undefined
          ? { type: 'system', id: null, name: null }
          : { type: 'api_key', id: actor, name: names.get(actor) ?? null },
      action: what.action,
      target: what.target,
      result: what.code === null ? 'ok' : 'refused',
      code: what.code,
      count: what.count,
      ip: origin?.ip ?? null,
      user_agent: origin?.userAgent ?? null,
      request_id: requestId,
      correlation_id: what.correlation_id,
      changes: what.changes,
    };
  }

  private happened(said: Said, before: Said | undefined): What {
    const { type, data, metadata } = said;
    return {
      time: metadata.recordedAt ?? '',
      action: this.descriptions.action(type),
      target: this.descriptions.target(type, data),
      code: null,
      count: 1,
      correlation_id: metadata.$correlationId ?? null,
      changes: changesOf(this.descriptions, said, before),
    };
  }
}

/** What a line says of what was done, or refused. */
type What = Pick<
  AuditLineView,
  'time' | 'action' | 'target' | 'code' | 'count' | 'correlation_id' | 'changes'
>;

function wasAsked(asked: Asked): What {
  const { at, action, targetId, targetType, count, requestId } = asked;
  const code = codeOf(asked);
  return {
    time: at,
    action,
    target: targetId === null ? null : { type: targetType ?? 'object', id: targetId },
    code,
    count,
    correlation_id: code === null ? requestId : null,
    changes: null,
  };
}

function idOf({ recordedMs, revision, stream, item }: FoundLine): string {
  const id = timeSortableId('aud', recordedMs, revision, stream);
  return item === 0 ? id : `${id}_${item}`;
}

/** The id of the API key; undefined: the installation itself. */
function actorOf({ said, asked }: Line): string | undefined {
  const actor = asked?.actor ?? said?.metadata.actor;
  return actor === systemActor ? undefined : actor;
}

function requestOf({ said, asked }: Line): string | undefined {
  const id = asked?.requestId ?? said?.metadata.$correlationId;
  return id?.startsWith('req_') === true ? id : undefined;
}
