// Runs a script in a process that ends itself when the one that started it is gone: its end of the pipe closes then.
import { Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const pipe = new Socket({ fd: 3 });
pipe.on('close', () => {
  // The script's own way of stopping first; it may hang.
  setTimeout(() => process.exit(1), 10_000);
  process.kill(process.pid, 'SIGTERM');
});
pipe.on('error', () => undefined);
pipe.resume();
// Nobody reads any more when that one is gone; stopping goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const script = path.resolve(process.argv[2]);
process.argv.splice(1, 2, script);
await import(pathToFileURL(script).href);
