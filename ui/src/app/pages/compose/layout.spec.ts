import type { Device } from '../../bus/home-store';
import { arranged, freePlace, isSame, placed, Point } from './layout';

const device = (name: string, kind: string): Device => ({
  name,
  kind,
  label: name,
  isOn: true,
  watts: 0,
  readings: {},
  isUnserved: false,
  supply: null,
});
const crossed = (a: Point, b: Point) => Math.abs(a.x - b.x) < 200 && Math.abs(a.y - b.y) < 60;

describe('places on the canvas', () => {
  const sixty = Array.from({ length: 60 }, (_, number) => device(`tv_${number}`, number % 3 ? 'tv' : 'panel'));

  it('of sixty devices no two lie over each other', () => {
    const places = [...arranged(sixty).values()];
    expect(places.filter((one, index) => places.slice(index + 1).some((other) => crossed(one, other)))).toEqual([]);
  });

  it('what somebody moves now comes before what the home keeps, and what nobody wishes stands as the page puts it', () => {
    const ours = new Map([
      ['tv', { x: 850, y: 0 }],
      ['oven', { x: 850, y: 74 }],
      ['grid', { x: 270, y: 0 }],
    ] as const);
    const kept = { tv: { x: 1, y: 2 }, oven: { x: 3, y: 4 } };
    expect([...placed(ours, kept, { oven: { x: 5, y: 6 } }).values()]).toEqual([
      { x: 1, y: 2 },
      { x: 5, y: 6 },
      { x: 270, y: 0 },
    ]);
    expect(placed(ours, kept, { tv: null }).get('tv')).toEqual({ x: 850, y: 0 });
    expect([isSame(null, null), isSame({ x: 1, y: 2 }, { x: 1, y: 2 }), isSame({ x: 1, y: 2 }, null)]).toEqual([true, true, false]);
  });

  it('one more is put where nothing is, also between what people have moved', () => {
    const places = new Map([...arranged(sixty.slice(0, 6)), ['tv_1', { x: 850, y: 30 }]]);
    const at = freePlace(places, 'tv_99', [...sixty.slice(0, 6), device('tv_99', 'tv')]);
    expect([...places].filter(([, other]) => crossed(at, other))).toEqual([]);
  });
});
