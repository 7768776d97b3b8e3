import process from 'node:process';
import { databaseName } from './create-cluster';
import { freePort } from './free-port';

/** Where the server listens: a Unix socket in `socketFolder`, or 127.0.0.1 when that is empty. */
export interface Endpoint {
  readonly socketFolder: string;
  readonly port: number;
}

/** `sun_path` has 104 bytes on macOS, 108 on Linux; Postgres appends `/.s.PGSQL.<port>`. */
const socketFolderBytesMax = 80;

/** A Unix socket, which takes no port and nobody else can reach; TCP where there is none or its path would be too long. */
export async function chooseEndpoint(run: string, preferTcp: boolean): Promise<Endpoint> {
  const usesTcp = preferTcp || process.platform === 'win32' || Buffer.byteLength(run) > socketFolderBytesMax;
  return usesTcp ? { socketFolder: '', port: await freePort() } : { socketFolder: run, port: 5432 };
}

export function endpointSettings({ socketFolder, port }: Endpoint): Readonly<Record<string, string>> {
  return {
    port: String(port),
    listen_addresses: socketFolder === '' ? '127.0.0.1' : '',
    // Seen from the data folder, where the server stands.
    unix_socket_directories: socketFolder === '' ? '' : '../run',
    unix_socket_permissions: '0700',
  };
}

/** The connection string of our database on this server. */
export function endpointUrl({ socketFolder, port }: Endpoint, role: string, password: string): string {
  const credentials = `${role}:${password}`;
  return socketFolder === ''
    ? `postgresql://${credentials}@127.0.0.1:${port}/${databaseName}`
    : `postgresql://${credentials}@/${databaseName}?host=${encodeURIComponent(socketFolder)}&port=${port}`;
}
