// A broker in Docker, where there is an engine and no Java.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { brokerSettings, environmentOf } from './settings.mjs';

/** The same version as the jars of pom.xml; a test compares them. */
export const brokerImage = 'apache/kafka:4.1.1';
/** A volume of the image that belongs to the user it runs as. */
export const brokerDataFolder = '/var/lib/kafka/data';

/** Whether a Docker engine answers. */
export function hasDocker() {
  return (
    spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' }).status === 0
  );
}

/** As `startJavaBroker`; the data goes with the container. */
export function startDockerBroker({ host, port }) {
  const settings = brokerSettings({
    logFolder: brokerDataFolder,
    listener: ':9092',
    advertised: `${host}:${port}`,
    controller: 'localhost:9093',
  });
  const environment = Object.entries(environmentOf(settings)).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  // Attached to standard input: the container ends with us, and --rm removes it.
  const parameters = ['run', '--rm', '-i', '--name', `fintech-ledger-kafka-${process.pid}`];
  const child = spawn('docker', [...parameters, '-p', `${host}:${port}:9092`, ...environment, brokerImage], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return {
    pid: Promise.resolve(child.pid ?? 0),
    ended: new Promise((resolve) => child.once('exit', resolve)),
    stop: () => child.kill('SIGTERM'),
    log: () => '',
  };
}
