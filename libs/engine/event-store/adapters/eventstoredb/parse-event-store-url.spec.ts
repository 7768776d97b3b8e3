import { EventStoreUrlInvalid } from './event-store-url';
import { parseEventStoreUrl } from './parse-event-store-url';

describe('parseEventStoreUrl', () => {
  it('understands a single node', () => {
    expect(parseEventStoreUrl('esdb://localhost?tls=false')).toMatchObject({
      endpoints: [{ address: 'localhost', port: 2113 }],
      isDiscovered: false,
      isTls: false,
      nodePreference: 'leader',
    });
  });

  it('understands credentials, several nodes and options in any case', () => {
    const url = parseEventStoreUrl(
      'kurrentdb://admin:p%40ss%3Aword@a:1,[::1]:2113,c/?TLS=true&tls_ca_file=%2Fca%20file.pem&node-preference=Follower',
    );
    expect(url.credentials).toEqual({ username: 'admin', password: 'p@ss:word' });
    expect(url.endpoints).toEqual([
      { address: 'a', port: 1 },
      { address: '[::1]', port: 2113 },
      { address: 'c', port: 2113 },
    ]);
    expect(url).toMatchObject({ isTls: true, tlsCaFile: '/ca file.pem', nodePreference: 'follower' });
  });

  it('understands a cluster that is discovered', () => {
    expect(parseEventStoreUrl('esdb+discover://cluster.example')).toMatchObject({
      isDiscovered: true,
      isTls: true,
    });
  });

  it.each([
    ['esbd://localhost', '"esbd://" is no scheme of EventStoreDB: did you mean esdb://'],
    ['esdb+discovery://h', '"esdb+discovery://" is no scheme of EventStoreDB: did you mean esdb+discover://'],
    [
      'http://localhost:2113',
      '"http://" is no scheme of EventStoreDB: it must be esdb:// or esdb+discover://',
    ],
    ['esdb:/localhost', 'it must begin with esdb:// or esdb+discover://, it begins with "esdb"'],
    ['localhost:2113', 'it must begin with esdb:// or esdb+discover://, it begins with "localhost"'],
    ['esdb://', 'a host is missing'],
    ['esdb://a,,b', 'a host is missing'],
    ['esdb://localhost:21l3', 'the port of localhost must be 1 to 65535, it is "21l3"'],
    ['esdb://localhost:99999', 'the port of localhost must be 1 to 65535, it is "99999"'],
    ['esdb://lo calhost', '"lo calhost" is no host name'],
    ['esdb://a:1:2', 'the port of a must be 1 to 65535, it is "1:2"'],
    ['esdb://h?tsl=false', 'the option "tsl" is unknown: did you mean tls'],
    ['esdb://h?tlsCAFiel=x', 'the option "tlsCAFiel" is unknown: did you mean tlsCAFile'],
    ['esdb://h?colour=red', 'the option "colour" is unknown'],
    ['esdb://h?tls=flase', 'tls must be true or false, it is "flase"'],
    ['esdb://h?tls', 'the option tls has no value'],
    ['esdb://h?tls=true&tls=false', 'the option tls is given twice'],
    ['esdb://h?gossipTimeout=soon', 'gossipTimeout must be a whole number from 1, it is "soon"'],
    [
      'esdb://h?nodePreference=boss',
      'nodePreference must be one of leader, follower, random, read_only_replica, it is "boss"',
    ],
    ['esdb://h?tlsVerifyCert=false', 'tlsVerifyCert=false is not supported: name the CA with tlsCAFile'],
    ['esdb://h?userCertFile=a', 'userCertFile and userKeyFile only work together'],
    ['esdb://h?tls=false&tlsCAFile=a', 'tlsCAFile has no effect with tls=false: remove one of them'],
    [
      'esdb+discover://a,b',
      'esdb+discover:// takes one host that knows the cluster: use esdb:// for a list of nodes',
    ],
    [
      'esdb://secret@h',
      'before the @ there must be user:password, each percent-encoded where it holds : / ? @ or %',
    ],
    [
      'esdb://u:sec?ret@h',
      'before the @ there must be user:password, each percent-encoded where it holds : / ? @ or %',
    ],
    [
      'esdb://u:100%@h',
      'the password has a % that is not followed by two hexadecimal digits (a % itself is %25)',
    ],
  ])('says what is wrong with %s', (text, problem) => {
    expect(() => parseEventStoreUrl(text)).toThrow(new EventStoreUrlInvalid(problem));
  });
});
