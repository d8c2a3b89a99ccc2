import { sankey } from './sankey';

const COLUMNS = [150, 520, 840] as const;
const FLOWS = { 'grid>battery': 500, 'sun>loads': 1000, 'grid>loads': 200, 'sun>heat': 20 };

describe('the Sankey', () => {
  it('A-23 shows the grid charging the battery, which is a sink of its own, so that there is no circle', () => {
    const { bands, blocks } = sankey(FLOWS, { oven: 1200 }, COLUMNS);
    expect(bands.find((band) => band.key === 'grid>battery')).toMatchObject({ amount: 500, label: 'Grid import → Battery' });
    expect(blocks.filter((block) => block.isLeft).map((block) => block.name)).toEqual(['Solar', 'Grid import']);
  });

  it('A-23 keeps its order whatever is larger', () => {
    const order = (flows: Record<string, number>) => sankey(flows, {}, COLUMNS).blocks.map((block) => block.name);
    expect(order({ ...FLOWS, 'grid>loads': 9000 })).toEqual(order(FLOWS));
    const devices = (powers: Record<string, number>) =>
      sankey(FLOWS, powers, COLUMNS)
        .blocks.slice(-2)
        .map((block) => block.name);
    expect(devices({ oven: 1, tv: 9 })).toEqual(devices({ oven: 9, tv: 1 }));
  });

  it('A-23 names the eight strongest devices and sums up the rest; nothing overlaps', () => {
    const devices = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`load_${index}`, 10 + index]));
    const third = sankey(FLOWS, devices, COLUMNS).blocks.filter((block) => block.x === COLUMNS[2]);
    expect(third.map((block) => block.name).at(-1)).toBe('42 others');
    third.slice(1).forEach((block, index) => expect(block.y).toBeGreaterThanOrEqual((third[index]?.y ?? 0) + (third[index]?.height ?? 0)));
  });

  it('the devices share exactly what the home took', () => {
    const third = sankey(FLOWS, { oven: 3, tv: 1 }, COLUMNS).blocks.filter((block) => block.x === COLUMNS[2]);
    expect(third.reduce((sum, block) => sum + block.amount, 0)).toBe(1200);
  });

  it('nothing is a picture, too', () => {
    expect(sankey({}, {}, COLUMNS).blocks).toEqual([]);
  });
});
