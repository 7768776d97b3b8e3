#!/usr/bin/env node
// npm leaves optional packages of other platforms out of the lockfile when the registry (a mirror, say) does not have them, and then `npm ci`
// refuses the lockfile on every machine. This adds them by name, version and platform; they are only ever installed on their own platform.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/prepare.mjs';

if (process.argv.includes('--help')) {
  process.stderr.write(
    'Usage: node scripts/complete-lockfile.mjs [--check]\nRun it after `npm install`. --check changes nothing and fails when something is missing.\n',
  );
  process.exit(0);
}
const file = path.join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;
const systems = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
  wasm32: undefined,
};
const processors = new Set(['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64']);
const missing = [];

for (const [where, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${where}/node_modules/${name}`]) continue;
    const parts = name.slice(name.lastIndexOf('/') + 1).split('-');
    const os = parts.map((part) => systems[part]).find((found) => found !== undefined);
    const cpu = parts.find((part) => processors.has(part));
    if (!os || !cpu) continue;
    const libc =
      os !== 'linux' ? undefined : parts.some((part) => part.startsWith('musl')) ? 'musl' : 'glibc';
    missing.push(`${name}@${version}`);
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc && parts.some((part) => /^(musl|gnu)/.test(part)) ? { libc: [libc] } : {}),
      optional: true,
      os: [os],
    };
  }
}
// A library of ours that is new: npm adds it when it installs, which nothing else asks for.
const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
if (JSON.stringify(workspaces) !== JSON.stringify(packages[''].workspaces)) {
  missing.push('workspaces');
  packages[''].workspaces = workspaces;
}
for (const folder of workspaceFolders(workspaces)) {
  if (packages[folder] !== undefined) continue;
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
  );
  missing.push(name);
  packages[folder] = { name, version, license };
  packages[`node_modules/${name}`] = { resolved: folder, link: true };
}
if (missing.length > 0 && process.argv.includes('--check')) {
  process.stderr.write(
    `package-lock.json lacks ${missing.join(', ')}: run node scripts/complete-lockfile.mjs\n`,
  );
  process.exit(1);
}
if (missing.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
// What has none is installed whatever the registry gives. npm looks it up for what is not in the lockfile.
const unchecked = Object.entries(packages).filter(
  ([where, { integrity, link }]) =>
    where.includes('node_modules/') && link !== true && integrity === undefined,
);
if (unchecked.length > 0) {
  process.stderr.write(
    `package-lock.json has no integrity for ${unchecked.map(([where]) => where).join(', ')}: ` +
      'remove these entries and run npm install --package-lock-only\n',
  );
  process.exit(1);
}
process.stderr.write(`lockfile: ${missing.length} packages added\n`);

/** The folders that patterns such as `libs/engine/*` mean. */
function workspaceFolders(patterns) {
  return patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(path.join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(path.join(root, folder, 'package.json')));
  });
}
