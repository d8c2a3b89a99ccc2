import { atFields, CallError, callError } from './errors';

const ADDRESS = 'joulebus.house.oven.set';

describe('an error of the bus', () => {
  it('says in a sentence what to do', () => {
    expect(callError({ error: 'wamp.error.no_such_procedure' }, ADDRESS).message).toMatch(/^Nobody answers oven\.set: .*Try again/);
    expect(callError({ error: 'wamp.error.not_authorized' }, ADDRESS).message).toMatch(/needs another role/);
  });

  it('A-13 keeps what is wrong with which field', () => {
    const refused = {
      error: 'joulebus.error.invalid',
      args: ['no'],
      kwargs: { errors: [{ loc: ['power_watts'], msg: 'must be at least 1' }, 'nonsense'] },
    };
    expect(callError(refused, ADDRESS).fields).toEqual({ power_watts: 'must be at least 1' });
  });

  it('A-13 is told at the field that it is in, also deep inside; what is of none of them is not lost', () => {
    const refused = new CallError('joulebus.error.invalid', 'all of it', {
      'timers.1': 'a daily window must not end when it begins',
      'trips.0.km': 'must be given',
      '': 'minimum_percent must not be above maximum_percent',
      elsewhere: 'is odd',
    });
    expect(atFields(refused, ['timers', 'trips'])).toEqual({
      fields: { timers: 'a daily window must not end when it begins', trips: '0.km: must be given' },
      others: 'minimum_percent must not be above maximum_percent; elsewhere: is odd',
    });
    expect(atFields(new CallError('joulebus.error.refused', 'no'), ['timers'])).toEqual({ fields: {}, others: 'no' });
    expect(atFields(new Error('gone'), [])).toEqual({ fields: {}, others: 'gone' });
  });
});
