import { BoundedMap } from '@fintech-ledger/contract';
import { rowPlacesMax } from '../../limits';

/** What an append says of the rows that it updated: where (ctid) they are now. */
export interface UpdatedRows {
  readonly place: string;
  readonly counter_place: string;
}

/**
 * Where the rows that appends update were when they were updated last. While anybody keeps a snapshot, as a backup
 * does, all their versions are kept, and an index or a scan leads through every one of them; a place leads to one. It
 * may be wrong, as another process updates them too: then nothing is at the place, and the row is looked for.
 */
export class RowPlaces {
  private readonly streams = new BoundedMap<string, string>(rowPlacesMax);
  private counterPlace: string | undefined;

  /** Of the row that counts positions. */
  get counter(): string | null {
    return this.counterPlace ?? null;
  }

  of(stream: string): string | undefined {
    return this.streams.get(stream);
  }

  updated(stream: string, { place, counter_place: counter }: UpdatedRows): void {
    this.streams.set(stream, place);
    this.counterPlace = counter;
  }
}
