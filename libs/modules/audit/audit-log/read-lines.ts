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
import { attemptOf, readSaid } from './said';
import type { Said } from './said';

/** A line, and what it says; undefined: nothing of this organization, keys lead to few lines too many. */
export interface ReadLine {
  readonly place: FoundLine;
  readonly view: AuditLineView | undefined;
}

interface Line {
  readonly place: FoundLine;
  readonly said: Said | undefined;
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
      return { place, said: said?.metadata.organizationId === organizationId ? said : undefined };
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
      const { place, said } = line;
      if (said === undefined || attemptOf(said, place.item) !== undefined) return [];
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
    const { place, said } = line;
    if (said === undefined) return undefined;
    const { type, data, metadata } = said;
    const attempt = attemptOf(said, place.item);
    if (type === 'AttemptsRefused' && attempt === undefined) return undefined;
    const actor = actorOf(line);
    const requestId = requestOf(line) ?? null;
    const origin = origins.get(partOfRequestId(requestId ?? '') ?? '');
    const target =
      attempt === undefined
        ? this.descriptions.target(type, data)
        : attempt.targetId === null
          ? null
          : { type: attempt.targetType ?? 'object', id: attempt.targetId };
    return {
      id: idOf(place),
      object: 'audit_log_line',
      time: attempt?.at ?? metadata.recordedAt ?? '',
      actor:
        actor === undefined
          ? { type: 'system', id: null, name: null }
          : { type: 'api_key', id: actor, name: names.get(actor) ?? null },
      action: attempt?.action ?? this.descriptions.action(type),
      target,
      result: attempt === undefined ? 'ok' : 'refused',
      code: attempt?.code ?? null,
      count: attempt?.count ?? 1,
      ip: origin?.ip ?? null,
      user_agent: origin?.userAgent ?? null,
      request_id: requestId,
      correlation_id: attempt === undefined ? (metadata.$correlationId ?? null) : null,
      changes: attempt === undefined ? changesOf(this.descriptions, said, before.get(line)) : null,
    };
  }
}

function idOf({ recordedMs, revision, stream, item }: FoundLine): string {
  const id = timeSortableId('aud', recordedMs, revision, stream);
  return item === 0 ? id : `${id}_${item}`;
}

/** The id of the API key; undefined: the installation itself. */
function actorOf({ place, said }: Line): string | undefined {
  const actor = said && (attemptOf(said, place.item)?.actor ?? said.metadata.actor);
  return actor === systemActor ? undefined : actor;
}

function requestOf({ place, said }: Line): string | undefined {
  if (said === undefined) return undefined;
  const id = attemptOf(said, place.item)?.requestId ?? said.metadata.$correlationId;
  return id?.startsWith('req_') === true ? id : undefined;
}
