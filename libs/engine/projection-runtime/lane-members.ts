import type { Sql } from '@fintech-ledger/postgres';
import type { LaneOptions } from './lane-options';
import { Member } from './member';
import { rereadable } from './rereadable-member';
import type { Rereadable } from './rereader';
import type { FollowedProjection } from './rebuild/followed';

/** The sides of projections that a lane keeps up to date. */
export class LaneMembers<E> {
  all: readonly Member<E>[] = [];
  rereadables: readonly Rereadable[] = [];
  /** Those of which the side is among them that queries read: they stand where the lane does. */
  live: readonly string[] = [];

  constructor(private readonly options: LaneOptions<E>) {
    this.adopt(options.followed);
  }

  adopt(followed: readonly FollowedProjection<E>[]): void {
    this.live = followed.flatMap(({ name, isLive }) => (isLive ? [name] : []));
    const sides = followed.flatMap((each) => each.sides);
    this.all = sides.map((projection) => this.of(projection.name) ?? new Member(projection));
    this.rereadables = this.all.map((member) => rereadable(member, this.options));
  }

  of(name: string): Member<E> | undefined {
    return this.all.find(({ projection }) => projection.name === name);
  }

  async load(sql: Sql, streams: ReadonlySet<string>): Promise<void> {
    for (const { known } of this.all) await known.load(sql, streams);
  }

  forget(): void {
    for (const { known } of this.all) known.clear();
  }
}
