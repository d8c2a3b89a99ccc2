import { levelsOf } from './levels';

describe('the levels of a car', () => {
  it('follow from the last one and from what moved', () => {
    const moves = { 'car.in': [50, 100, 0, 0], 'car.heat': [5, 10, 1, 0], 'car.driven': [0, 0, 0, 300], 'car.out': [0, 0, 20, 0] };
    expect(levelsOf('car', 4, moves, 700)).toEqual([931, 1021, 1000, 700]);
  });

  it('stay as they are when nothing moves', () => {
    expect(levelsOf('car', 2, { 'other.in': [1, 1] }, 7)).toEqual([7, 7]);
    expect(levelsOf('car', 0, {}, 7)).toEqual([]);
  });
});
