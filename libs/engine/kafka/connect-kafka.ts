import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { requestTimeoutMs } from './limits';

export interface KafkaSettings {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  /** What this process calls itself towards the brokers. */
  readonly clientId: string;
  readonly tls?: boolean;
  /** SASL/SCRAM-SHA-512 or PLAIN. */
  readonly credentials?: {
    readonly mechanism: 'plain' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Told what the client would log of warnings and errors; most of it passes. */
  readonly onWarning?: (message: string, facts: object) => void;
}

const [compress, expand] = [promisify(gzip), promisify(gunzip)];
// Level 1: half of the default's time for nearly its size, on JSON.
CompressionCodecs[CompressionTypes.GZIP] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => compress(buffer, { level: 1 }),
  decompress: (buffer: Buffer) => expand(buffer),
});

/** A client of a Kafka cluster. Nothing is connected yet. */
export function connectKafka({ brokers, clientId, tls, credentials, onWarning }: KafkaSettings): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    ...(tls === true ? { ssl: true } : {}),
    ...(credentials === undefined ? {} : { sasl: { ...credentials } as never }),
    // Patience belongs to who uses it: here only what a moment cures.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp: _timestamp, logger: _logger, ...facts } }) =>
        onWarning?.(`${namespace}: ${message}`, facts),
  });
}
