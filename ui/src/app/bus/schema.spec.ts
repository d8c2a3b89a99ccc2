import { Definitions, faultOf, Schema } from './schema';

const KNOWN: Definitions = { Name: { type: 'string', pattern: '^[a-z]+$', maxLength: 4 } };
const WORD: Schema = {
  type: 'object',
  required: ['name', 'watts'],
  properties: {
    name: { $ref: 'Name' },
    watts: { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }] },
    on: { type: 'boolean' },
    form: { enum: ['knots', 'run'] },
    values: { type: 'array', maxItems: 2, items: { type: 'number', exclusiveMaximum: 9 } },
    others: { type: 'object', additionalProperties: { type: 'integer' }, propertyNames: { $ref: 'Name' } },
  },
};

describe('a message', () => {
  const right = { name: 'oven', watts: 7, on: true, form: 'run', values: [1, 8.5], others: { tv: 5 } };
  it('that is as its schema says has no fault', () => {
    expect(faultOf(WORD, right, KNOWN)).toBe('');
    expect(faultOf(WORD, { ...right, watts: null, later: 'a field of a later version' }, KNOWN)).toBe('');
  });

  const wrong: [change: object, fault: string][] = [
    [{ name: 'OVEN' }, 'name must be ^[a-z]+$, but is "OVEN"'],
    [{ name: 'fridge' }, 'name must be 0 to 4 characters, but is 6'],
    [{ watts: 1.5 }, 'watts must be integer, but is 1.5'],
    [{ watts: -1 }, 'watts must be ≥ 0, but is -1'],
    [{ on: 'yes' }, 'on must be boolean, but is "yes"'],
    [{ form: 'x' }, 'form must be "knots" / "run", but is "x"'],
    [{ values: [1, 9] }, 'values[1] must be < 9, but is 9'],
    [{ values: [1, 2, 3] }, 'values must be 0 to 2 items, but is 3'],
    [{ others: { TV: 5 } }, 'others.TV must be ^[a-z]+$, but is "TV"'],
    [{ others: { tv: '5' } }, 'others.tv must be integer, but is "5"'],
  ];
  it.each(wrong)('that has %j is named', (change, fault) => {
    expect(faultOf(WORD, { ...right, ...change }, KNOWN)).toBe(fault);
  });

  it('that is none at all, or has a part missing, is named', () => {
    expect(faultOf(WORD, undefined, KNOWN)).toBe('the message must be object, but is nothing');
    expect(faultOf(WORD, { name: 'oven' }, KNOWN)).toBe('watts is missing');
  });
});
