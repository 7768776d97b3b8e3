import { StartupFailed } from '@fintech-ledger/installation';
import { createServer } from 'node:net';

/** Fails early when the port can't be had, before anything else is started. @throws StartupFailed */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  await new Promise((resolve) => server.close(resolve));
}

/** Turns what `listen` throws into a sentence that names what to change; anything else stays what it is. */
export function explainListenError(
  error: unknown,
  host: string,
  port: number,
  option = '--port (0 takes a free one)',
): unknown {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'EADDRINUSE':
      return new StartupFailed(
        `Port ${port} of ${host} is taken by another program: choose another with ${option}.`,
      );
    case 'EACCES':
      return new StartupFailed(
        `Port ${port} needs more rights than this user has: choose one above 1023 with ${option}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupFailed(`"${host}" is not an address of this machine: check HOST and WRITER_HOST.`);
    case undefined:
    default:
      return error;
  }
}
