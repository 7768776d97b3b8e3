import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import type { Browser, LaunchOptions } from 'playwright-core';
import { installOnce, runTool } from './installed-tools';

/*
 * The package has Chromium for Linux on x64 in it, with the libraries that a bare system lacks, and a font: no download from
 * anywhere but the registry. Nothing of its own code is run.
 */
const packaged = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
};
const folder = path.resolve(__dirname, '../../.cache/chromium', packaged.version);
const isRoot = process.getuid?.() === 0;

/** Starts a browser without a window. @throws Error that says what to install, when there is none that starts */
export async function startBrowser(): Promise<Browser> {
  const failures: string[] = [];
  for (const options of candidates())
    try {
      return await launch(options());
    } catch (error) {
      failures.push(String(error));
    }
  throw new Error(
    'No Chromium starts here. Install one (Debian: apt-get install chromium), and say where it is in CHROMIUM_PATH.\n' +
      failures.join('\n'),
  );
}

/** The first one that starts is taken; of CHROMIUM_PATH none but that. */
function candidates(): readonly (() => LaunchOptions)[] {
  const { CHROMIUM_PATH: given } = process.env;
  if (given !== undefined) return [() => ({ executablePath: given })];
  const isPackaged = process.platform === 'linux' && process.arch === 'x64';
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].filter((file) => existsSync(file));
  return [
    ...(isPackaged ? [unpacked] : []),
    ...installed.map((executablePath) => () => ({ executablePath })),
    () => ({ channel: 'chrome' }),
  ];
}

/** In its sandbox; without, where the system has none: for root, and where users may not make namespaces. */
async function launch(options: LaunchOptions): Promise<Browser> {
  if (isRoot) return chromium.launch({ ...options, chromiumSandbox: false });
  try {
    return await chromium.launch({ ...options, chromiumSandbox: true });
  } catch (error) {
    if (!String(error).includes('sandboxing failed')) throw error;
    return chromium.launch({ ...options, chromiumSandbox: false });
  }
}

function unpacked(): LaunchOptions {
  const executablePath = path.join(folder, 'chromium');
  const fonts = path.join(folder, 'fonts.conf');
  installOnce(folder, () => {
    const contents = packageContents();
    writeFileSync(executablePath, brotliDecompressSync(readFileSync(path.join(contents, 'chromium.br'))), {
      mode: 0o755,
    });
    for (const name of ['al2023', 'fonts']) {
      const archive = path.join(folder, `${name}.tar`);
      writeFileSync(archive, brotliDecompressSync(readFileSync(path.join(contents, `${name}.tar.br`))));
      runTool('tar', ['-xf', archive, '-C', folder]);
      rmSync(archive);
    }
    rmSync(contents, { recursive: true });
    writeFileSync(
      fonts,
      '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n' +
        `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
    );
  });
  const env = { ...process.env, LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_FILE: fonts };
  return { executablePath, env };
}

/** @throws Error when what the registry gave is not what was given when the version was pinned */
function packageContents(): string {
  const { name, version, integrity } = packaged;
  const tarball = path.join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  runTool('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder]);
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name}@${version} is not what was pinned: ${found}`);
  const contents = path.join(folder, 'package');
  mkdirSync(contents, { recursive: true });
  runTool('tar', ['-xzf', tarball, '-C', contents, '--strip-components=2', 'package/bin']);
  rmSync(tarball);
  return contents;
}
