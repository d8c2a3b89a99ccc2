import { callError } from './errors';

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
});
