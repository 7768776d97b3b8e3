// A broker in Docker, where there is an engine and no Java.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';

const image = 'apache/kafka:4.1.1';

/** Whether a Docker engine answers. */
export function hasDocker() {
  return (
    spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' }).status === 0
  );
}

/** As `startJavaBroker`; the data goes with the container. */
export function startDockerBroker({ host, port }) {
  const settings = {
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_NODE_ID: '1',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  };
  const environment = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  // Attached to standard input: the container ends with us, and --rm removes it.
  const parameters = ['run', '--rm', '-i', '--name', `fintech-ledger-kafka-${process.pid}`];
  const child = spawn('docker', [...parameters, '-p', `${host}:${port}:9092`, ...environment, image], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return {
    pid: Promise.resolve(child.pid ?? 0),
    ended: new Promise((resolve) => child.once('exit', () => resolve())),
    stop: () => child.kill('SIGTERM'),
    log: () => '',
  };
}
