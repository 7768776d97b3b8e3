// Loaded before an app of `dist`: pages of settlement reports have four lines, and reading one kills the process:
// before its rail says it, after that, or once it is compared with the books; each page in another of these moments,
// or in all of them (FEE_REPORT_KILLS=9). What has killed a process is in the file FEE_REPORT_KILLED.
const { appendFileSync, readFileSync } = require('node:fs');
const path = require('node:path');
const process = require('node:process');

const file = process.env.FEE_REPORT_KILLED;
const moments = ['after', 'compared', 'before'];
const isEach = Number(process.env.FEE_REPORT_KILLS) > moments.length;
const payments = path.resolve(__dirname, '..', '..', 'dist', 'libs', 'modules', 'payments');
const { SimulatorRail } = require(path.join(payments, 'rails', 'simulator', 'simulator-rail.js'));
const { ReadRailBooks } = require(path.join(payments, 'processing', 'rail-books.js'));

let page = '';

/** The first time here is the last thing that the process does. */
function killing(moment) {
  const place = `${moment} ${page}`;
  const places = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const isOver = places.some((each) => each.endsWith(` ${page}`)) || moments[places.length] !== moment;
  if (places.includes(place) || (!isEach && isOver)) return undefined;
  appendFileSync(file, `${place}\n`);
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const { settlementReport } = SimulatorRail.prototype;
SimulatorRail.prototype.settlementReport = async function report(of) {
  page = String(of.cursor);
  await killing('before');
  const said = await settlementReport.call(this, { ...of, limit: 4 });
  await killing('after');
  return said;
};
const { items } = ReadRailBooks.prototype;
ReadRailBooks.prototype.items = async function compared(of, signal) {
  const booked = await items.call(this, of, signal);
  await killing('compared');
  return booked;
};
