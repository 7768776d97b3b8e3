import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { documentedFetch } from '../documented-fetch';

/** A server of this test on a port of its own. */
export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

async function served(handler: RequestListener): Promise<TestServer> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What payers come back to, and what their browsers told it of where they had been. */
export async function startShop(): Promise<TestServer & { readonly referers: (string | undefined)[] }> {
  const referers: (string | undefined)[] = [];
  const shop = await served((asked, answer) => {
    referers.push(asked.headers.referer);
    const framed = new URL(asked.url ?? '/', 'http://shop.test').searchParams.get('frame');
    const frame = framed === null ? '' : `<iframe title="bank" src="${framed}"></iframe>`;
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>${frame}`);
  });
  return { ...shop, referers };
}

/** A proxy as operators have it: the API is below a path of the public address. @param api its own address */
export function startProxy(path: string, api: () => string): Promise<TestServer> {
  return served((asked, answer) => {
    const { url = '', method = 'GET', headers } = asked;
    const type = headers['content-type'];
    const passOn = async (): Promise<void> => {
      if (!url.startsWith(`${path}/`)) return void answer.writeHead(404).end('not of the API');
      const got = await documentedFetch(`${api()}${url.slice(path.length)}`, {
        method,
        ...(type !== undefined && { headers: { 'content-type': type } }),
        ...(method === 'POST' && { body: await buffer(asked) }),
      });
      answer.writeHead(got.status, Object.fromEntries(got.headers));
      answer.end(Buffer.from(await got.arrayBuffer()));
    };
    passOn().catch(() => answer.destroy());
  });
}

/** A payer's browser with a page in it, and all that went wrong there or left for elsewhere. */
export interface Payer {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, breaches of the content security policy among them, and what was thrown. */
  readonly complaints: string[];
  /** Addresses that no page here has any business with. */
  readonly elsewhere: string[];
}

/** @param known what addresses may begin with */
export async function newPayer(browser: Browser, known: readonly string[]): Promise<Payer> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (asked) => {
    const url = asked.url();
    if (!url.startsWith('data:') && !known.some((begin) => url.startsWith(`${begin}/`))) elsewhere.push(url);
  });
  return { context, page: await context.newPage(), complaints, elsewhere };
}
