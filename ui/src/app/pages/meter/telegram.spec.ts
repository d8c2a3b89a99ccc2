import { registersOf } from './telegram';

const TELEGRAM = [
  '/JBU5\\JOULEBUS_A',
  '',
  '0-0:96.1.4(50221)',
  '0-0:1.0.0(260621140000S)',
  '1-0:1.8.1(000123.456*kWh)',
  '1-0:1.6.0(260621121500S)(02.210*kW)',
  '1-0:41.7.0(00.250*kW)',
  '1-0:32.7.0(231.4*V)',
  '1-0:51.7.0(001.07*A)',
  '0-1:24.1.0(003)',
  '0-1:24.2.3(260621135500S)(00012.345*m3)',
  '0-2:24.1.0(007)',
  '0-2:24.2.1(260621135500S)(00003.100*m3)',
  '0-3:24.2.1(260621135500S)(00003.100*m3)',
  '1-0:99.9.9(1*kWh)',
  '!FEE4',
  '',
].join('\r\n');

describe('the registers of a telegram', () => {
  it('are those that have a number, with their units, and what is unknown is none of them', () => {
    expect(registersOf(TELEGRAM).map(({ code, value }) => [code, value.replace('\u202f', ' ')])).toEqual([
      ['1-0:1.8.1', '123.456 kWh'],
      ['1-0:1.6.0', '2.210 kW'],
      ['1-0:41.7.0', '0.250 kW'],
      ['1-0:32.7.0', '231.4 V'],
      ['1-0:51.7.0', '1.07 A'],
      ['0-1:24.2.3', '12.345 m³'],
      ['0-2:24.2.1', '3.100 m³'],
    ]);
    expect(registersOf('')).toEqual([]);
  });
});
