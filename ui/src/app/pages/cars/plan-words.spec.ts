import { Planning, planWords, Shortage, whyLessWords } from './plan-words';
import { planOf } from './plans';

const REASON = 'its trip needs 6.1 kWh in 2.0 h: it can wait no longer';
const SENTENCE = `charge car at box with at most 3.68 kW, because ${REASON} (rule 2, 45 %) (the sun leaves 0.00 kW)`;
const PLANNED: Planning = { hasCharger: true, hasProgram: true, isProgramOn: true, hasDecided: true, sentence: SENTENCE };
const SHORT: Shortage = { hasCharger: true, isPluggedIn: true, wasAway: false, plan: null, takenJoules: 1_800_000, limitWatts: 1380 };

describe('the plan of a car in words', () => {
  it('says what happens and why, and apart from it what was looked at', () => {
    expect(planWords(PLANNED)).toEqual({
      text: `It charges with at most 3.68 kW: ${REASON} (rule 2 of 6)`,
      looked: 'the sun leaves 0.00 kW',
    });
  });

  it.each<[Partial<Planning>, string]>([
    [{ hasCharger: false, sentence: '' }, 'No charger serves this car'],
    [{ hasProgram: false, isProgramOn: false, hasDecided: false, sentence: '' }, 'No car program plans for it'],
    [{ isProgramOn: false }, 'The car program is switched off'],
    [{ hasDecided: false, sentence: '' }, 'The car program has not decided yet'],
    [{ sentence: '' }, 'The car program has decided nothing of this car'],
    [{ sentence: 'charge car at moonlight' }, 'charge car at moonlight'],
    [{ sentence: 'pause car at box, because it has its 60 % (rule 6, 61 %)' }, 'It waits: it has its 60 % (rule 6 of 6)'],
    [
      { sentence: 'charge car at box from the sun alone, because the sun leaves 2.00 kW (rule 4, 61 %)' },
      'It charges from the sun alone: ',
    ],
  ])('says what is missing, or what the home says: %o', (what, text) => {
    expect(planWords({ ...PLANNED, ...what }).text).toContain(text);
  });

  it.each<[Partial<Shortage>, string]>([
    [{ hasCharger: false }, 'no charger serves it'],
    [{ isPluggedIn: false }, 'it is not plugged in'],
    [{ wasAway: true }, 'it was still on the road'],
    [{ plan: planOf(SENTENCE) }, `the car program had decided: It charges with at most 3.68 kW: ${REASON} (rule 2 of 6)`],
    [{}, 'in the hour before it took 500\u202fWh; its charger lets 1.38\u202fkW through now'],
  ])('says why too little was inside: %o', (what, text) => {
    expect(whyLessWords({ ...SHORT, ...what })).toBe(text);
  });
});
