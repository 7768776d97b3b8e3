// Asks the process of this container whether it runs (`live`, the default) or can do its work (`ready`). Exit code 0: yes.
import process from 'node:process';

const port = process.env.HEALTH_PORT || process.env.PORT;
try {
  const answer = await fetch(`http://127.0.0.1:${port}/health/${process.argv[2] ?? 'live'}`);
  process.stdout.write(`${await answer.text()}\n`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
