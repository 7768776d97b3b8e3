import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './support/browser';
import { HttpSpec } from './support/http-spec';
import { newPayer, startProxy, startShop } from './support/payments/payer-world';
import type { Payer } from './support/payments/payer-world';
import { PaymentsHttp } from './support/payments/payments-http';
import type { Json } from './support/payments/payments-http';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// A browser is unpacked for the first one.
jest.setTimeout(180_000);

const threeD = 'pm_card_threeDSecure2Required';
const notFound = 'Failed to load resource: the server responded with a status of 404 (Not Found)';

describe('the page of 3-D Secure in a browser', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let shop: Awaited<ReturnType<typeof startShop>>;
  let browser: Browser;
  let sandbox: PaymentsHttp;
  let payer: Payer;

  const publicUrl = (): string => `${proxy.url}/pay`;
  const done = (): string => `${shop.url}/done?cart=7`;
  const payment = (id: string): Promise<Json> => sandbox.get(`/v1/payments/${id}`);
  const linkOf = async (id: string): Promise<string> =>
    ((await payment(id))['next_action'] as { redirect_to_url: { url: string } }).redirect_to_url.url;
  /** A payment whose payer has to act, and where. */
  const asked = async (more: object = {}): Promise<{ readonly id: string; readonly link: string }> => {
    const id = await sandbox.pay(threeD, { return_url: done(), ...more });
    return { id, link: await linkOf(id) };
  };
  const button = (page: Page, name: string) => page.getByRole('button', { name: `${name} authentication` });
  const heading = (page: Page): Promise<string | null> =>
    page.getByRole('heading', { level: 1 }).textContent();
  const headed = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor();
  const cameBack = async (page: Page): Promise<Readonly<Record<string, string>>> => {
    await page.waitForURL(`${shop.url}/done?**`);
    return Object.fromEntries(new URL(page.url()).searchParams);
  };

  beforeAll(async () => {
    buildStandalone();
    browser = await startBrowser();
    folder = await temporaryFolder();
    shop = await startShop();
    proxy = await startProxy('/pay', () => standalone.url);
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { PUBLIC_URL: publicUrl() },
    });
    const live = new HttpSpec(standalone.url, standalone.apiKey, '');
    sandbox = await PaymentsHttp.sandbox(live, 'Payers');
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([proxy?.close(), shop?.close(), standalone?.stop()]);
    await folder?.remove();
  });
  beforeEach(async () => {
    payer = await newPayer(browser, [publicUrl(), shop.url]);
  });
  afterEach(async () => {
    await payer.context.close();
    expect(payer.elsewhere).toEqual([]);
  });
  const expectNoComplaints = (): void => expect(payer.complaints).toEqual([]);

  it.each([
    ['10000', 'USD', '100.00 USD'],
    ['500', 'JPY', '500 JPY'],
    ['1050', 'KWD', '1.050 KWD'],
  ])('shows %s of %s as %s, for eyes and for screen readers', async (amount, currency, shown) => {
    const { page } = payer;
    const { id, link } = await asked({ amount, currency });
    expect(link).toMatch(new RegExp(`^${publicUrl()}/simulator/actions/[\\w-]{24}$`));
    expect((await page.goto(link))?.status()).toBe(200);
    expect(await page.title()).toBe('Confirm your payment – 3-D Secure test page');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('body').ariaSnapshot()).toBe(
      [
        '- main:',
        '  - paragraph: 3-D Secure test page. No money moves.',
        '  - heading "Confirm your payment" [level=1]',
        '  - paragraph: Your bank asks whether it is you who is paying. Choose how this test goes on.',
        '  - term: Amount',
        `  - definition: ${shown}`,
        '  - term: Payment',
        `  - definition: ${id}`,
        '  - button "Complete authentication"',
        '  - button "Fail authentication"',
        '  - status',
      ].join('\n'),
    );
    expectNoComplaints();
  });

  it('is styled, and fits into a narrow window', async () => {
    const { page } = payer;
    await page.setViewportSize({ width: 320, height: 560 });
    await page.goto((await asked()).link);
    const colour = await page.evaluate(`getComputedStyle(document.querySelector('button')).backgroundColor`);
    expect(colour).toBe('rgb(31, 79, 216)');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    // Large enough for a finger.
    for (const name of ['Complete', 'Fail'])
      expect((await button(page, name).boundingBox())?.height).toBeGreaterThanOrEqual(44);
    expectNoComplaints();
  });

  it('is worked with the keyboard, and ends where the shop said; the payment has succeeded', async () => {
    const { page } = payer;
    const { id, link } = await asked();
    await page.goto(link);
    const focused = (): Promise<string | null> => page.locator(':focus').textContent();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Complete authentication');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Fail authentication');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    const query = { cart: '7', payment: id, redirect_status: 'succeeded' };
    expect(await cameBack(page)).toEqual(query);
    expect(await payment(id)).toMatchObject({
      status: 'succeeded',
      amount_received: '10000',
      next_action: null,
    });
    // Who has the link may act: the shop is not told it.
    expect(shop.referers.filter((referer) => referer !== undefined)).toEqual([]);
    // It took the place of the page: going back does not open it again.
    expect(await page.evaluate('history.length')).toBe(2);
    expectNoComplaints();
  });

  it('fails the payment of who is not authenticated, which may be confirmed again', async () => {
    const { page } = payer;
    const { id, link } = await asked();
    await page.goto(link);
    await button(page, 'Fail').click();
    expect(await cameBack(page)).toEqual({ cart: '7', payment: id, redirect_status: 'failed' });
    expect(await payment(id)).toMatchObject({
      status: 'requires_payment_method',
      amount_received: '0',
      last_payment_error: { decline_code: 'authentication_failed' },
      next_action: null,
    });
    await sandbox.post(`/v1/payments/${id}/confirm`, { payment_method: threeD });
    // The link of the first attempt is of that alone.
    await page.goto(link);
    expect(await heading(page)).toBe('Authentication failed');
    expect(await payment(id)).toMatchObject({ status: 'requires_action' });
    await page.goto(await linkOf(id));
    await button(page, 'Complete').click();
    expect(await cameBack(page)).toMatchObject({ payment: id, redirect_status: 'succeeded' });
    expect(await payment(id)).toMatchObject({ status: 'succeeded' });
    expectNoComplaints();
  });

  it('says what it came to where there is nowhere to come back to', async () => {
    const { page } = payer;
    const { id, link } = await asked({ return_url: null });
    await page.goto(link);
    await button(page, 'Complete').click();
    await headed(page, 'Authentication complete');
    expect(await page.getByRole('main').textContent()).toContain('You may close this page.');
    expect(await payment(id)).toMatchObject({ status: 'succeeded' });
    expectNoComplaints();
  });

  it.each([
    ['Complete', 'complete', 'succeeded'],
    ['Fail', 'failed', 'failed'],
  ])('has nothing to press when it is opened after "%s", and a way back', async (press, word, status) => {
    const { page } = payer;
    const { id, link } = await asked({
      return_url: `${shop.url}/done?cart="><script>alert(7)</script>#'<b>`,
    });
    await page.goto(link);
    await button(page, press).click();
    const query = await cameBack(page);
    await page.goto(link);
    expect(await heading(page)).toBe(`Authentication ${word}`);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: `Back to ${new URL(shop.url).host}` }).click();
    expect(await cameBack(page)).toEqual(query);
    expect(query).toEqual({ cart: '"><script>alert(7)</script>', payment: id, redirect_status: status });
    expectNoComplaints();
  });

  it('lets the first of two windows count', async () => {
    const { page, context } = payer;
    const other = await context.newPage();
    const { id, link } = await asked();
    await Promise.all([page.goto(link), other.goto(link)]);
    await button(page, 'Fail').click();
    await cameBack(page);
    await button(other, 'Complete').click();
    expect(await cameBack(other)).toMatchObject({ payment: id, redirect_status: 'failed' });
    expect(await payment(id)).toMatchObject({ status: 'requires_payment_method' });
    expectNoComplaints();
  });

  it('says that a payment was canceled, before it was opened and while it was', async () => {
    const { page } = payer;
    const { id, link } = await asked();
    await page.goto(link);
    await sandbox.post(`/v1/payments/${id}/cancel`);
    await button(page, 'Complete').click();
    await headed(page, 'Payment canceled');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(payer.complaints.splice(0)).toEqual([notFound]);
    await page.goto(link);
    expect(await heading(page)).toBe('Payment canceled');
    expect(await payment(id)).toMatchObject({ status: 'canceled' });
    expectNoComplaints();
  });

  it('says that an authorization has expired', async () => {
    const frozen = await PaymentsHttp.sandbox(new HttpSpec(standalone.url, standalone.apiKey, ''), 'Expired');
    await frozen.put('/v1/clock', { time: '2031-03-01T10:00:00.000Z' });
    const id = await frozen.pay(threeD, { capture_method: 'manual' });
    const { next_action } = await frozen.get(`/v1/payments/${id}`);
    const link = (next_action as { redirect_to_url: { url: string } }).redirect_to_url.url;
    const { page } = payer;
    await page.goto(link);
    await button(page, 'Complete').click();
    await headed(page, 'Authentication complete');
    await frozen.post('/v1/clock/advance', { to: '2031-03-09T10:00:00Z' });
    const shown = () => frozen.get(`/v1/payments/${id}`);
    const ended = await frozen.until(shown, ({ status }) => status === 'canceled');
    expect(ended).toMatchObject({ cancellation_reason: 'expired' });
    await page.goto(link);
    expect(await heading(page)).toBe('Payment canceled');
    expectNoComplaints();
  });

  it.each([
    ['unknown', () => 'AAAAAAAAAAAAAAAAAAAAAAAA'],
    ['cut off', (token: string) => token.slice(0, -1)],
    ['longer', (token: string) => `${token}A`],
    ['too long', () => 'A'.repeat(65)],
    ['a statement', () => encodeURIComponent("' or token is not null --")],
    ['markup', () => encodeURIComponent('<img src=x onerror=alert(1)>')],
    ['a zero byte', () => '%00'],
  ])('is a page of its own for a token that is %s', async (_, forged) => {
    const { page } = payer;
    const { id, link } = await asked();
    const at = link.lastIndexOf('/') + 1;
    const answer = await page.goto(link.slice(0, at) + forged(link.slice(at)));
    expect(answer?.status()).toBe(404);
    expect(answer?.headers()).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await heading(page)).toBe('There is no such page');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(payer.complaints).toEqual([notFound]);
    expect(await payment(id)).toMatchObject({ status: 'requires_action' });
  });

  it('says so when it can reach nobody, and can be tried again', async () => {
    const { page, context } = payer;
    const { id, link } = await asked();
    await page.goto(link);
    await context.setOffline(true);
    await button(page, 'Complete').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('That did not work. Try again.').waitFor();
    expect(payer.complaints.splice(0)).toEqual(['Failed to load resource: net::ERR_INTERNET_DISCONNECTED']);
    await context.setOffline(false);
    expect(await page.locator(':focus').textContent()).toBe('Complete authentication');
    await page.keyboard.press('Enter');
    expect(await cameBack(page)).toMatchObject({ payment: id, redirect_status: 'succeeded' });
    expectNoComplaints();
  });

  it('is shown in no frame of another page', async () => {
    const { page } = payer;
    await page.goto(`${shop.url}/?frame=${encodeURIComponent((await asked()).link)}`);
    const frame = page.frameLocator('iframe');
    expect(await frame.getByRole('button').count()).toBe(0);
    expect(payer.complaints.join()).toContain('frame-ancestors');
  });
});
