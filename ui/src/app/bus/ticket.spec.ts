import { parseLink, takeLink, ticketOf } from './ticket';

const SECRET = 'a'.repeat(43);

describe('a ticket', () => {
  it('is read from the fragment of an address, and nothing else is', () => {
    expect(parseLink(`#house/~operator/${SECRET}`)).toEqual({ principal: 'house/~operator', secret: SECRET });
    expect(['', '#/live', `#house/operator/${SECRET}`, '#house/~operator/short', `#House/~o/${SECRET}`].map(parseLink)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('leaves the address at once, and stays in the tab', () => {
    window.location.hash = `#house/~anna/${SECRET}`;
    expect(takeLink(window)).toBe(true);
    expect(window.location.hash).toBe('#/live');
    expect(ticketOf(sessionStorage)?.principal).toBe('house/~anna');
    expect(takeLink(window)).toBe(false);
  });
});
