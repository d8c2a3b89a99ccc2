import { bucketText, clockTime, energy, moment, money, percent, power, reading, spoken, unitOf } from './units';

describe('units', () => {
  it('a bucket has its length in words', () => {
    expect(['10s', '5m', '1h', 'day', 'aeon'].map(bucketText)).toEqual(['10\u202fs', '5\u202fmin', '1\u202fh', 'a day', 'aeon']);
  });

  it('a power has no decimals below 1 kW, and never a minus', () => {
    expect([0, -0, 12, 999, 999.6, 2400, -3650, 12_345, 2_500_000].map(power)).toEqual([
      '0\u202fW',
      '0\u202fW',
      '12\u202fW',
      '999\u202fW',
      '1.00\u202fkW',
      '2.40\u202fkW',
      '3.65\u202fkW',
      '12.3\u202fkW',
      '2.50\u202fMW',
    ]);
  });

  it('an energy is in Wh, kWh or MWh', () => {
    expect([0, 3600, 3_600_000, 360_000_000, 7_200_000_000].map(energy)).toEqual([
      '0\u202fWh',
      '1\u202fWh',
      '1.00\u202fkWh',
      '100\u202fkWh',
      '2.00\u202fMWh',
    ]);
  });

  it('an income is a credit in words, and nothing is never negative', () => {
    expect(money(-1_230_000, '€')).toBe('1.23\u202f€ credit');
    expect(money(-4_000, '€')).toBe('0.00\u202f€');
    expect(money(780_000, 'R')).toBe('0.78\u202fR');
  });

  it('a reading knows its unit by its name', () => {
    expect(reading('temperature_millicelsius', -18_493)).toBe('-18.5\u202f°C');
    expect(reading('state_of_charge_ppm', 357_772)).toBe('35.8\u202f%');
    expect(reading('level_joules', 3_600_000)).toBe('1.00\u202fkWh');
    expect(reading('programs_finished', 3)).toBe('3');
  });

  it('a property is named without its unit, which stands beside it', () => {
    expect(spoken('setpoint_celsius')).toBe('setpoint');
    expect([unitOf('charge_watts_max'), unitOf('import_euro_per_kwh'), unitOf('name')]).toEqual(['W', '€/kWh', '']);
  });

  it('a moment is that of the place, also beyond a change of the clock', () => {
    expect(moment('2026-06-21T22:54:19Z', 'America/New_York')).toEqual({ day: 'Sun 21 Jun 2026', time: '18:54:19' });
    expect(clockTime(Date.parse('2026-10-25T01:30:00Z') / 1000, 'Europe/Brussels')).toBe('02:30');
  });

  it('a share is in whole percent', () => {
    expect(percent(843_000)).toBe('84\u202f%');
  });
});
