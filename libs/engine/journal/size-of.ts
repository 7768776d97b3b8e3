/** About as many bytes as a value of JSON takes in memory. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value === 'bigint') return 24;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 48;
  if (Array.isArray(value)) for (const item of value) bytes += 8 + sizeOf(item);
  else for (const name in value) bytes += 16 + sizeOf(value[name as keyof typeof value]);
  return bytes;
}

/** An entry of a map, without key and value. */
const mapEntryBytes = 64;
/** An idempotency key with its hash and its revisions, in a map. */
export const keyBytes = 300;
/** A record that becomes due, with its key and its time. */
export const dueBytes = 160;

/** How large records are on average: one of sixteen is measured, so that it costs next to nothing. */
export class RecordSizes {
  average = 500;
  private count = 0;

  note(key: string, record: unknown): void {
    this.count = (this.count + 1) % 16;
    if (this.count !== 1) return;
    this.average += (mapEntryBytes + 24 + key.length + sizeOf(record) - this.average) / 8;
  }
}
