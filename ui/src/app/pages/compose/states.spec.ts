import type { PartStatus } from '@words';
import { stateOf } from './states';

const RUNS: PartStatus = { state: 'running', replicas: 1, alive: true, ready: true };

describe('the state of a device', () => {
  const cases: [what: string, isOn: boolean, part: PartStatus | undefined, waits: string[], state: string][] = [
    ['runs', true, RUNS, [], 'running'],
    ['is not known to the supervisor yet', true, undefined, [], 'running'],
    ['is switched off', false, { ...RUNS, state: 'stopped', alive: false }, [], 'off'],
    ['starts', true, { ...RUNS, state: 'starting', alive: false }, [], 'starting'],
    ['has ended', true, { ...RUNS, state: 'ended', alive: false }, [], 'missing'],
    ['does not answer', true, { ...RUNS, alive: false }, [], 'missing'],
    ['keeps the home waiting', true, RUNS, ['oven'], 'slow'],
  ];
  it.each(cases)('one that %s', (_, isOn, part, waits, state) => {
    expect(stateOf({ name: 'oven', isOn }, part, new Set(waits))).toBe(state);
  });
});
