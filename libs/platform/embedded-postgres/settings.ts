import os from 'node:os';

const mebibyte = 1024 * 1024;
const clamp = (value: number, low: number, high: number): number =>
  Math.floor(Math.min(high, Math.max(low, value)));

/**
 * Server settings. What a commit has acknowledged survives a power cut, unless `durable` is false (tests that throw their
 * data away). One machine runs everything, so memory is an eighth of it, between 128 MiB and 1 GiB.
 */
export function serverSettings(durable: boolean): Readonly<Record<string, string>> {
  const memoryMiB = os.totalmem() / mebibyte;
  const sync = durable ? 'on' : 'off';
  return {
    fsync: sync,
    synchronous_commit: sync,
    full_page_writes: sync,
    shared_buffers: `${clamp(memoryMiB / 8, 128, 1024)}MB`,
    effective_cache_size: `${clamp(memoryMiB / 2, 512, 65536)}MB`,
    // Nothing replicates from an embedded server; minimal also lets COPY into a new table skip the log.
    wal_level: 'minimal',
    max_wal_senders: '0',
    // Bounds recovery after a crash: at most this much log is read again.
    max_wal_size: '1GB',
    min_wal_size: '128MB',
    wal_buffers: '16MB',
    checkpoint_timeout: '5min',
    max_connections: '100',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
  };
}
