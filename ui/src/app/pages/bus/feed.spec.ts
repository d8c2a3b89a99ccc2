import { differences, numberAt, numbersOf } from './difference';
import { Feed } from './feed';

describe('the feed of the bus', () => {
  it('shows the newest first, with what was said before on the same topic', () => {
    const feed = new Feed();
    feed.take('clock.changed', { tick: 1 });
    feed.take('oven.reported', { watts: 5 });
    feed.take('clock.changed', { tick: 2 });
    feed.show(false);
    expect(feed.messages().map((one) => one.topic)).toEqual(['clock.changed', 'oven.reported', 'clock.changed']);
    expect(feed.messages()[0]?.before).toEqual({ tick: 1 });
    expect(feed.messages()[1]?.before).toBeUndefined();
  });

  it('counts topics as soon as something has come', () => {
    const feed = new Feed();
    feed.take('clock.changed', {});
    feed.show(false);
    expect(feed.topics()).toEqual([{ topic: 'clock.changed', count: 1, rate: 1 }]);
  });

  it('a rate is that of the last five seconds', () => {
    const feed = new Feed();
    for (let second = 0; second < 8; second++) {
      for (let each = 0; each < (second < 3 ? 100 : 10); each++) feed.take('a', {});
      feed.tick();
    }
    expect(feed.topics()[0]).toEqual({ topic: 'a', count: 350, rate: 10 });
  });

  it('while paused it says how many wait, and how many it could not keep', () => {
    const feed = new Feed();
    for (let each = 0; each < 520; each++) feed.take('a', { each });
    feed.show(true);
    expect([feed.messages().length, feed.held(), feed.dropped()]).toEqual([0, 500, 20]);
    feed.show(false);
    expect([feed.messages().length, feed.held()]).toEqual([500, 0]);
  });

  it('counts what was not as the specification says, and says who said it', () => {
    const feed = new Feed();
    feed.take('a', {}, 'cabin/oven', 'watts is missing');
    feed.take('a', {}, 'cabin/oven');
    feed.show(false);
    expect([feed.wrong(), ...feed.messages().map((one) => [one.publisher, one.fault])]).toEqual([
      1,
      ['cabin/oven', ''],
      ['cabin/oven', 'watts is missing'],
    ]);
  });

  it('clear forgets messages, not counts', () => {
    const feed = new Feed();
    feed.take('a', {});
    feed.show(false);
    feed.clear();
    expect([feed.messages().length, feed.topics().length]).toEqual([0, 1]);
  });
});

describe('what differs between two messages', () => {
  it('is named by its path', () => {
    expect(differences({ a: 1, b: { c: [1, 2] }, gone: true }, { a: 1, b: { c: [1, 3] }, is: 'new' })).toEqual([
      { path: 'b.c.1', before: '2', after: '3' },
      { path: 'gone', before: 'true', after: '–' },
      { path: 'is', before: '–', after: '"new"' },
    ]);
  });

  it('numbers are found at their paths', () => {
    expect(numbersOf({ tick: 5, name: 'x', watts: { oven: 7 } })).toEqual(['tick', 'watts.oven']);
    expect([numberAt({ watts: { oven: 7 } }, 'watts.oven'), numberAt({ name: 'x' }, 'name')]).toEqual([7, null]);
  });
});
