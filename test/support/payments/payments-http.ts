import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, HttpRequest, HttpSpec } from '../http-spec';

export type Json = Readonly<Record<string, unknown>>;

/** An environment over HTTP, as a client of payments uses it. */
export class PaymentsHttp {
  constructor(
    readonly http: HttpSpec,
    readonly apiKey: string,
  ) {}

  /** A new sandbox. @param http with a live key */
  static async sandbox(http: HttpSpec, name: string): Promise<PaymentsHttp> {
    const { json } = await http.when({ path: '/v1/sandboxes', body: { name } }).thenAccepted();
    return new PaymentsHttp(http, String(json['api_key']));
  }

  ask(path: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
    return this.http.ask({ apiKey: this.apiKey, path, ...more });
  }
  /** Also where it is answered that it is to be sent again. */
  once(path: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
    return this.http.send({ method: 'GET', apiKey: this.apiKey, path, ...more });
  }
  async get(path: string): Promise<Json> {
    const { status, json } = await this.ask(path);
    expect([path, status, json]).toEqual([path, 200, json]);
    return json;
  }
  async list(path: string): Promise<readonly Json[]> {
    return (await this.get(path))['data'] as readonly Json[];
  }
  async post(path: string, body: object = {}, more: Partial<HttpRequest> = {}): Promise<Json> {
    const { apiKey } = this;
    return (await this.http.when({ path, body, apiKey, ...more }).thenAccepted()).json;
  }
  put(path: string, body: object): Promise<Json> {
    return this.post(path, body, { method: 'PUT' });
  }
  /** The id of a payment that is confirmed at once. */
  async pay(payment_method: string, more: object = {}): Promise<string> {
    const body = { amount: '10000', currency: 'USD', confirm: true, payment_method, ...more };
    return String((await this.post('/v1/payments', body))['id']);
  }
  refused(path: string, body: object, status: number, code: string, more: object = {}): Promise<void> {
    return this.http.when({ path, body, apiKey: this.apiKey }).thenRefused(status, code, more);
  }
  /** Until something is so that is done without being asked for. */
  async until<T>(what: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
    for (let n = 0; ; n += 1) {
      const value = await what();
      if (isSo(value) || n === 100) return value;
      await delay(100);
    }
  }
}
