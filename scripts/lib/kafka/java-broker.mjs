// A broker as a Java process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brokerClassPath } from './jars.mjs';
import { brokerMemory, brokerSettings, propertiesOf } from './settings.mjs';

const memory = [...brokerMemory, '-XX:+UseSerialGC', '-XX:MaxDirectMemorySize=128m'];
// Prints the number of the process that it starts, and ends that process when standard input ends: that is, when we are gone, however we went.
const guard = `
exec 3<&0
"$@" </dev/null >/dev/null 2>&1 3<&- &
child=$!
echo $child
{
  cat <&3 >/dev/null
  for i in 1 2 3 4 5 6 7 8 9 10; do kill -TERM $child || exit; sleep 1; done
  kill -KILL $child
} >/dev/null 2>&1 &
wait $child`;

/**
 * Starts a broker on a data folder, which is formatted when it is new. It listens some seconds later.
 * @returns {{ pid: Promise<number>, ended: Promise<void>, stop(): void, log(): string }}
 */
export function startJavaBroker({ folder, host, port, controllerPort }) {
  const classPath = brokerClassPath();
  const logFolder = path.join(folder, 'log');
  const settings = path.join(folder, 'server.properties');
  const logFile = path.join(folder, 'broker.log');
  mkdirSync(folder, { recursive: true });
  const listener = `${host}:${port}`;
  const controller = `${host}:${controllerPort}`;
  const asked = brokerSettings({ logFolder, listener, advertised: listener, controller });
  writeFileSync(settings, propertiesOf(asked));
  const options = [
    '-XX:TieredStopAtLevel=4',
    '-Xshare:auto',
    `-Dorg.slf4j.simpleLogger.logFile=${logFile}`,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-cp',
    classPath,
  ];
  if (!existsSync(path.join(logFolder, 'meta.properties'))) format(options, settings);
  const command = ['java', ...memory, ...options, 'kafka.Kafka', settings];
  const child = spawn('sh', ['-c', guard, 'sh', ...command], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  return {
    pid: new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text)))),
    ended: new Promise((resolve) =>
      child.once('exit', () => {
        child.stdin.destroy();
        resolve(undefined);
      }),
    ),
    stop: () => child.stdin.end(),
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-4_000) : ''),
  };
}

function format(options, settings) {
  const clusterId = randomBytes(16).toString('base64url');
  const quick = options.map((option) =>
    option === '-XX:TieredStopAtLevel=4' ? '-XX:TieredStopAtLevel=1' : option,
  );
  // With `=`, because one of 64 ids begins with a dash.
  const what = ['format', `--cluster-id=${clusterId}`, '--config', settings];
  const parameters = [...quick, 'kafka.tools.StorageTool', ...what];
  const { status, stdout, stderr } = spawnSync('java', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Kafka could not format its data folder: ${stdout}${stderr}`);
}
