import { OutboundGuard } from './outbound-guard';
import type { ResolveName } from './resolve-name';
import { parseTarget } from './target-url';

/** Names that a test resolves; everything else is looked up without success, and nothing is ever connected to. */
const names: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['1.1.1.1', '2606:4700:4700::1111'],
  'private.example': ['10.0.0.1'],
  'mixed.example': ['10.0.0.1', '1.1.1.1', '64:ff9b::101:101', '::1'],
  'odd.example': ['not an address', '127.1'],
  localhost: ['127.0.0.1', '::1'],
  'xn--bcher-kva.example': ['169.254.169.254'],
};
const known: ResolveName = async (host) => names[host] ?? [];
const rules = { isHttpAllowed: false };
const live = new OutboundGuard([], known);
const pin = (guard: OutboundGuard, url: string) => guard.pin(url, rules, new AbortController().signal);

describe('a URL that leads to an address which is not public', () => {
  it.each([
    ['decimal', 'https://2130706433/'],
    ['octal', 'https://0177.0.0.1/'],
    ['hexadecimal', 'https://0x7f.0x0.0x0.0x1/'],
    ['hexadecimal, in one number', 'https://0x7f000001/'],
    ['short', 'https://127.1/'],
    ['zero', 'https://0/'],
    ['with a dot at its end', 'https://127.0.0.1./'],
    ['percent-encoded', 'https://%31%32%37.0.0.1/'],
    ['with digits in circles', 'https://①②⑦.⓪.⓪.①/'],
    ['with full-width digits and an ideographic full stop', 'https://１２７。0。0。1/'],
    ['in capitals, with a port', 'HTTPS://LOCALHOST:8443/'],
    ['a name with a dot at its end', 'https://private.example./'],
    ['an international name', 'https://bücher.example/'],
    ['IPv6', 'https://[::1]/'],
    ['IPv6 with all its zeros', 'https://[0000:0000:0000:0000:0000:0000:0000:0001]:8443/'],
    ['IPv4 within IPv6', 'https://[::ffff:169.254.169.254]/'],
    ['NAT64', 'https://[64:ff9b::10.0.0.1]/'],
    ['a slash too many is none', 'https://10.0.0.1//public.example/'],
    ['a query that looks like a host', 'https://10.0.0.1?@public.example'],
  ])('is refused: %s', async (_spelling, url) => {
    await expect(live.refusalOf(url, rules)).resolves.toMatchObject({ code: 'forbidden_url', param: '/url' });
    await expect(pin(live, url)).resolves.toMatchObject({ code: 'forbidden_url' });
  });

  it('is refused for what the resolver says, also when that is no address', async () => {
    await expect(live.refusalOf('https://odd.example/', rules)).resolves.toMatchObject({
      code: 'forbidden_url',
    });
  });

  it('tells the range, not the address', async () => {
    await expect(live.refusalOf('https://private.example/', rules)).resolves.toEqual({
      code: 'forbidden_url',
      detail: 'The URL leads to an address that is not public: private.',
      param: '/url',
    });
  });
});

describe('a URL that is not one to send to', () => {
  it.each([
    ['', 'must begin with https:// and a host'],
    ['hooks.example/x', 'must begin with https:// and a host'],
    ['ftp://public.example/', 'must begin with https:// and a host'],
    ['file:///etc/passwd', 'must begin with https:// and a host'],
    ['gopher://127.0.0.1:6379/_', 'must begin with https:// and a host'],
    ['https:/public.example/', 'must begin with https:// and a host'],
    ['https:///user@public.example/', 'must begin with https:// and a host'],
    ['https://user:secret@public.example/', 'has credentials: send them in a header'],
    ['https://@public.example/', 'has credentials: send them in a header'],
    ['https://public.example@127.0.0.1/', 'has credentials: send them in a header'],
    ['https://public.example\\@127.0.0.1/', 'has white space, a control character or a backslash'],
    ['https://public.example/a b', 'has white space, a control character or a backslash'],
    ['https://pub\nlic.example/', 'has white space, a control character or a backslash'],
    ['https://public.example/\u0000', 'has white space, a control character or a backslash'],
    ['https://[fe80::1%25eth0]/', 'is not well-formed'],
    ['https://[::1/', 'is not well-formed'],
    ['https://256.1.1.1/', 'is not well-formed'],
    ['https://public.example:65536/', 'is not well-formed'],
    ['https://public.example:0/', 'has the port 0'],
    ['https://public..example/', 'has a host that is neither a name of the DNS nor an address'],
    ['https://public.example../', 'has a host that is neither a name of the DNS nor an address'],
    ["https://a';b.example/", 'has a host that is neither a name of the DNS nor an address'],
    [`https://${'a'.repeat(64)}.example/`, 'has a host that is neither a name of the DNS nor an address'],
    [`https://${'a.'.repeat(130)}example/`, 'has a host that is neither a name of the DNS nor an address'],
    [`https://public.example/${'a'.repeat(2_977)}`, 'has 3000 characters, at most 2048 are allowed'],
    ['http://public.example/', 'must begin with https://: http is for test data'],
  ])('%j is refused before anything is resolved', async (url, why) => {
    const guard = new OutboundGuard(['0.0.0.0/0', '::/0'], () => {
      throw new Error('resolved');
    });
    const refusal = { code: 'invalid_url', detail: `The URL ${why}.`, param: '/target/url' };
    await expect(guard.refusalOf(url, { ...rules, param: '/target/url' })).resolves.toEqual(refusal);
  });
});

describe('a URL that is allowed', () => {
  it.each([
    ['https://public.example/hook?a=1#part', 'https://public.example', '/hook?a=1'],
    ['HTTPS://Public.Example.:443', 'https://public.example', '/'],
    ['https://1.1.1.1:8443/', 'https://1.1.1.1:8443', '/'],
    ['https://[2606:4700:4700:0::1111]/', 'https://[2606:4700:4700::1111]', '/'],
  ])('%s is read once, in one spelling', async (url, origin, path) => {
    await expect(live.refusalOf(url, rules)).resolves.toBeUndefined();
    const pinned = await pin(live, url);
    expect(pinned).toMatchObject({ target: { origin, path, isTls: true }, isOpened: false });
  });

  it('may have http for test data', () => {
    expect(parseTarget('http://public.example/', { isHttpAllowed: true })).toMatchObject({ isTls: false });
  });

  it('is pinned to those of its addresses that are public', async () => {
    await expect(pin(live, 'https://mixed.example/')).resolves.toMatchObject({ addresses: ['1.1.1.1'] });
  });

  it('is pinned to so many addresses', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => `1.1.${n >> 8}.${n & 255}`);
    const pinned = await pin(new OutboundGuard([], async () => many), 'https://many.example/');
    expect(pinned).toMatchObject({ addresses: many.slice(0, 16) });
  });

  it('leads to what the operator opened, and says so', async () => {
    const opened = new OutboundGuard(['10.0.0.0/8'], known);
    await expect(opened.refusalOf('https://private.example/', rules)).resolves.toBeUndefined();
    await expect(pin(opened, 'https://private.example/')).resolves.toMatchObject({ isOpened: true });
    await expect(pin(opened, 'https://public.example/')).resolves.toMatchObject({ isOpened: false });
    await expect(opened.refusalOf('https://localhost/', rules)).resolves.toMatchObject({
      code: 'forbidden_url',
    });
  });
});

describe('a name', () => {
  it('that does not resolve yet is taken, and judged when it is used', async () => {
    const url = 'https://later.example/';
    await expect(live.refusalOf(url, rules)).resolves.toBeUndefined();
    await expect(pin(live, url)).resolves.toEqual({ unresolved: 'name_not_found' });
  });

  it('that can not be looked up is taken, and not used', async () => {
    const failing = new OutboundGuard([], () => Promise.reject(new Error('SERVFAIL')));
    await expect(failing.refusalOf('https://public.example/', rules)).resolves.toBeUndefined();
    await expect(pin(failing, 'https://public.example/')).resolves.toEqual({
      unresolved: 'name_lookup_failed',
    });
  });

  it('is not waited for beyond the time that there is', async () => {
    const silent = new OutboundGuard([], () => new Promise(() => undefined));
    const stop = new AbortController();
    const pinned = silent.pin('https://public.example/', rules, stop.signal);
    stop.abort();
    await expect(pinned).resolves.toEqual({ unresolved: 'name_lookup_failed' });
    await expect(silent.pin('https://public.example/', rules, stop.signal)).resolves.toEqual({
      unresolved: 'name_lookup_failed',
    });
  });

  it('that resolves to another address afterwards is refused', async () => {
    const answers = [['1.1.1.1'], ['127.0.0.1']];
    const rebinding = new OutboundGuard([], async () => answers.shift() ?? []);
    await expect(rebinding.refusalOf('https://rebinding.example/', rules)).resolves.toBeUndefined();
    await expect(pin(rebinding, 'https://rebinding.example/')).resolves.toMatchObject({
      code: 'forbidden_url',
    });
  });

  it('is resolved once for a request', async () => {
    const asked: string[] = [];
    const guard = new OutboundGuard([], async (host) => {
      asked.push(host);
      return ['1.1.1.1'];
    });
    await pin(guard, 'https://Public.Example./');
    await pin(guard, 'https://1.1.1.1/');
    expect(asked).toEqual(['public.example']);
  });
});
