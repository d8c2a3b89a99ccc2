import { decidedBefore, planOf, sentenceOf, withDecided } from './plans';

const LOOKED = 'the sun leaves 0.00 kW, there is room for 5.00 kW, a kWh costs 0.300 now and 0.300 to 0.300 in the next 24 h';
const PAUSED = `pause car_anna at wallbox, because it has its 60 % (rule 6, 61 %) (${LOOKED})`;
const FOR_TRIP = `charge car_ben at socket with at most 3.68 kW, because its trip needs 6.1 kWh in 2.0 h: it can wait no longer (rule 2, 45 %) (${LOOKED})`;
const SUNNY = `charge car at box from the sun alone, because the sun leaves 2.10 kW (rule 4, 45 %) (${LOOKED})`;

describe('the plan of a car', () => {
  it.each([
    [PAUSED, { way: 'pause', most: '', isSunAlone: false, reason: 'it has its 60 %', rule: 6 }],
    [
      FOR_TRIP,
      { way: 'charge', most: '3.68 kW', isSunAlone: false, reason: 'its trip needs 6.1 kWh in 2.0 h: it can wait no longer', rule: 2 },
    ],
    [SUNNY, { way: 'charge', most: '', isSunAlone: true, reason: 'the sun leaves 2.10 kW', rule: 4 }],
  ])('is taken apart: %s', (sentence, parts) => {
    expect(planOf(sentence)).toEqual({ ...parts, looked: LOOKED });
  });

  it('that was cut or says something else is none', () => {
    expect(planOf('nothing: no car hears a charger')).toBeNull();
    expect(planOf(FOR_TRIP.slice(0, 60))).toBeNull();
  });

  it('is that of the car, and not of one whose name begins alike', () => {
    expect(sentenceOf([FOR_TRIP, SUNNY], 'car')).toBe(SUNNY);
    expect(sentenceOf([FOR_TRIP, SUNNY], 'ben')).toBe('');
  });

  it('is remembered once for each quarter-hour', () => {
    const log = [0, 900, 1800, 1800].reduce(
      (all, unix) => withDecided(all, { unix, reasons: [`at ${unix}`] }),
      withDecided([], { unix: 0, reasons: [] }),
    );
    expect(log.map((one) => one.unix)).toEqual([900, 1800]);
    expect(decidedBefore(log, 1800, 3600)?.unix).toBe(900);
    expect(decidedBefore(log, 9000, 3600)).toBeNull();
  });
});
