// The broker's jars, fetched once with Maven into .cache/kafka.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { root } from '../prepare.mjs';

const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const javaMin = 17;

/**
 * The Java class path of a broker. Throws an Error that says what to install.
 * @returns {string}
 */
export function brokerClassPath() {
  checkJava();
  const digest = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = path.join(root, '.cache', 'kafka', digest);
  if (!existsSync(folder)) fetchJars(folder);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => path.join(folder, name))
    .join(path.delimiter);
}

/** Whether there is a Java that a broker runs on. Throws an Error that says what to install. */
function checkJava() {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const install = `install Java ${javaMin} or later (Debian: apt-get install openjdk-17-jre-headless)`;
  if (error) throw new Error(`Kafka runs on Java, which was not found: ${install}, or start Docker.`);
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (major < javaMin)
    throw new Error(`Kafka needs Java ${javaMin}, this is ${major}: ${install}, or start Docker.`);
}

function fetchJars(folder) {
  process.stderr.write('fetching the jars of Kafka with Maven (once) …\n');
  // Renamed when whole: a fetch that was interrupted, or another one at the same time, does no harm.
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const parameters = [
    '-q',
    '-B',
    '-f',
    pom,
    copyDependencies,
    `-DoutputDirectory=${draft}`,
    '-DincludeScope=runtime',
  ];
  const { status, error } = spawnSync('mvn', parameters, { stdio: ['ignore', 2, 2] });
  if (error || status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    if (error) {
      throw new Error(
        'Kafka is fetched with Maven, which was not found: install it (Debian: apt-get install maven), or start Docker.',
      );
    }
    throw new Error('Maven could not fetch Kafka (its errors are above): is a Maven repository reachable?');
  }
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
}
