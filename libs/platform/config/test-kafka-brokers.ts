import process from 'node:process';

/** TEST_KAFKA_BROKERS: a cluster on which tests may make topics, in place of a broker of their own. */
export function testKafkaBrokers(): string | undefined {
  return process.env['TEST_KAFKA_BROKERS'] === '' ? undefined : process.env['TEST_KAFKA_BROKERS'];
}
