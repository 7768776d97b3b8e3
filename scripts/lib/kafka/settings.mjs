// What a single-node broker in KRaft mode is configured with: as a process, in Docker, and by docker-compose.yml, which a test compares.

/** Parameters of the JVM. */
export const brokerMemory = ['-Xms128m', '-Xmx512m'];

/**
 * @param {{ logFolder: string, listener: string, advertised: string, controller: string }} where `listener` is bound for clients, who are told
 * `advertised`; the `controller` is for the broker itself. Each is `host:port`; without a host, all addresses.
 * @returns {Readonly<Record<string, string>>} by the names of server.properties
 */
export function brokerSettings({ logFolder, listener, advertised, controller }) {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${listener},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${advertised}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logFolder,
    // A topic is made with its settings or not at all.
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    // One consumer more or less is noticed at once: there is nobody else to wait for.
    'group.initial.rebalance.delay.ms': '0',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'log.cleaner.dedupe.buffer.size': '8388608',
  };
}

/** The text of server.properties. */
export function propertiesOf(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** What the image apache/kafka takes: its own names for the same settings. */
export function environmentOf(settings) {
  const variable = (name) =>
    `KAFKA_${name.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`;
  return Object.fromEntries([
    ...Object.entries(settings).map(([name, value]) => [variable(name), value]),
    ['KAFKA_HEAP_OPTS', brokerMemory.join(' ')],
  ]);
}
