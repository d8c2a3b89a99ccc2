import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { CarProgramProperties, CarProperties, ChargerProperties } from '@words';
import { HomeStore } from '../../bus/home-store';
import { DeviceForm } from '../../shared/device-form';
import { LineChart } from '../../shared/line-chart';
import { dayAndTime } from '../../shared/moments';
import { decimal, energy, percent, power } from '../../shared/units';
import { CarPast } from './car-past';
import { CarMoment, flowWords, placeWords } from './car-state';
import { ahead, awayUntil, before, Departure, departuresOf } from './departures';
import { EntryField } from './entry-field';
import { planWords, whyLessWords } from './plan-words';
import { decidedBefore, planOf, sentenceOf } from './plans';
import { ProgramLog } from './program-log';
import { Need, ppm, readinessAt, wantedPercent } from './readiness';
import { chargerOf, servedAt } from './serving';

const DEPARTURES_SHOWN = 3;
const HOUR_SECONDS = 3_600;

/** A car: how full it is and was, what flows and what is planned, when it leaves, and what people set of it and its charger. */
@Component({
  selector: 'jb-car-card',
  imports: [EntryField, LineChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './car-card.html',
  styleUrls: ['../../shared/device-page.css', './car-card.css'],
})
export class CarCard {
  protected readonly store = inject(HomeStore);
  readonly name = input('');
  readonly program = input.required<DeviceForm<CarProgramProperties>>();
  readonly log = input.required<ProgramLog>();

  protected readonly charger = computed(() => chargerOf(this.store.byName().get(this.name()), this.store.byName()));
  private readonly chargerName = computed(() => this.charger()?.name ?? '');
  protected readonly car = new DeviceForm<CarProperties>(this.name);
  protected readonly box = new DeviceForm<ChargerProperties>(this.chargerName);
  protected readonly label = computed(() => this.car.device()?.label ?? this.name());

  private readonly now = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 1000) || 0);
  /** What follows from the time of day is looked at once a simulated minute. */
  private readonly minute = computed(() => Math.floor(this.now() / 60) * 60);
  private readonly timezone = this.store.timezone;
  /** What holds, without drafts. */
  private readonly held = computed(() => {
    const values = this.car.values();
    return values && { ...values, ...(this.car.device()?.properties as Partial<CarProperties>) };
  });

  protected readonly level = computed(() => this.car.device()?.readings['state_of_charge_ppm'] ?? null);
  protected readonly levelText = computed(() => (this.level() === null ? '–' : percent(this.level() ?? 0)));
  protected readonly content = computed(() => {
    const car = this.held();
    if (this.level() === null || !car) return '–';
    const [content, target, minimum] = [
      energy(((this.level() ?? 0) / 1e6) * car.capacity_kwh * 3.6e6),
      car.target_percent,
      car.minimum_percent,
    ];
    return $localize`${content}:ENERGY:; target ${this.percentText(target)}:TARGET:, minimum ${this.percentText(minimum)}:MINIMUM:`;
  });
  private readonly away = computed(() => awayUntil(this.held()?.trips ?? [], this.minute(), this.timezone()));
  private readonly moment = computed<CarMoment>(() => ({
    isOn: this.car.device()?.isOn ?? false,
    hasCharger: !!this.charger(),
    isChargerTaken: !!this.charger() && !this.isServed(),
    isChargerClosed: this.charger()?.isOn === false || this.isPaused(),
    isPluggedIn: this.held()?.plugged_in ?? true,
    awayUntil: this.away(),
    watts: this.car.device()?.watts ?? 0,
    percent: this.level() === null ? null : (this.level() ?? 0) / 10_000,
    targetPercent: this.held()?.target_percent ?? 100,
    timezone: this.timezone(),
  }));
  protected readonly place = computed(() => placeWords(this.moment()));
  protected readonly flow = computed(() => flowWords(this.moment()));

  /** Of several cars at a charger one is served. */
  protected readonly isServed = computed(() => !!this.charger() && servedAt(this.chargerName(), this.store.devices()) === this.name());
  private readonly isPaused = computed(() => this.charger()?.properties?.['pause'] === true);
  protected readonly chargerWords = computed(() => {
    const values = this.box.values();
    if (!values || !this.charger()) return '';
    const phases = values.phase_count === 1 ? $localize`one phase` : $localize`three phases`;
    const amps = decimal(values.amps, Number.isInteger(values.amps) ? 0 : 1);
    const limit = power(this.charger()?.readings['limit_watts'] ?? 0);
    if (!this.charger()?.isOn) return $localize`switched off`;
    if (this.isPaused()) return $localize`paused; set to ${amps}:AMPS: A on ${phases}:PHASES:`;
    return $localize`lets ${limit}:POWER: through: ${amps}:AMPS: A on ${phases}:PHASES:`;
  });
  protected readonly session = computed(() => energy(this.charger()?.readings['session_joules'] ?? 0));
  /** A session ends when the car leaves. */
  protected readonly isChargerUsed = computed(() => this.charger()?.readings['plugged'] === 1);
  /** Whether the program sets the charger and the target of this car, whatever people set there. */
  protected readonly isSteered = computed(() => !!this.program().device()?.isOn && !!this.charger()?.isOn && this.isServed());

  protected readonly plan = computed(() =>
    planWords({
      hasCharger: !!this.charger(),
      hasProgram: !!this.program().device(),
      isProgramOn: this.program().device()?.isOn ?? false,
      hasDecided: !!this.log().state()?.seen_until,
      sentence: sentenceOf(this.log().state()?.reasons ?? [], this.name()),
    }),
  );
  private readonly readyBy = computed(() => (this.program().device()?.properties?.['ready_by'] ?? []) as string[]);
  private readonly need = computed<Need>(() => ({
    targetPercent: (this.program().device()?.properties?.['target_percent'] as number | undefined) ?? 80,
    minimumPercent: this.held()?.minimum_percent ?? 0,
    capacityKwh: this.held()?.capacity_kwh ?? 0,
    whPerKm: this.held()?.consumption_wh_per_km ?? 0,
  }));
  protected readonly departures = computed(() => {
    const found = departuresOf(this.held()?.trips ?? [], this.readyBy(), ahead(this.minute(), this.timezone()));
    return found.slice(0, DEPARTURES_SHOWN).map((one) => ({ unix: one.unix, text: this.departureWords(one) }));
  });

  private readonly past = new CarPast(this.name);
  protected readonly levels = this.past.levels;
  protected readonly trouble = this.past.trouble;
  protected readonly lines = computed(() => {
    const capacity = this.need().capacityKwh * 3.6e6;
    const joules = this.levels()?.joules ?? [];
    const line = (label: string, look: string, value: number) => ({ label, look, values: joules.map(() => value), isDashed: true });
    return [
      {
        label: $localize`content`,
        look: 'battery',
        values: joules.map((one) => (one === null || !capacity ? null : (100 * one) / capacity)),
      },
      line($localize`target as it is now`, 'load', this.held()?.target_percent ?? 0),
      line($localize`minimum as it is now`, 'heat', this.need().minimumPercent),
    ];
  });
  protected readonly switches: readonly { name: 'pause' | 'surplus_only'; label: string }[] = [
    { name: 'pause', label: $localize`Paused: nothing flows` },
    { name: 'surplus_only', label: $localize`Only what nobody else wants; the car may serve the home` },
  ];
  protected readonly percentText = (value: number) => percent(ppm(value));

  /** Whether it had what it needed when it left last, or was to be ready, of the last day; and if not, why. */
  protected readonly last = computed(() => {
    const levels = this.levels();
    if (!levels) return null;
    const passed = departuresOf(this.held()?.trips ?? [], this.readyBy(), before(levels.ends, this.timezone()));
    const found = passed.map((one) => readinessAt(one, this.need(), levels)).findLast((one) => one !== null);
    if (!found) return null;
    const when = dayAndTime(found.departure.unix, this.timezone());
    const [had, wanted] = [this.percentText(found.hadPercent), this.percentText(found.wantedPercent)];
    return {
      isReady: found.isReady,
      hadPercent: found.hadPercent,
      unix: found.departure.unix,
      text: found.isReady
        ? $localize`${when}:WHEN:: it had ${had}:SHARE:, and needed ${wanted}:WANTED:`
        : $localize`${when}:WHEN:: it had only ${had}:SHARE: of the ${wanted}:WANTED: that it needed`,
      why: found.isReady ? '' : this.whyLess(found.departure.unix),
    };
  });

  private whyLess(unix: number): string {
    const decided = decidedBefore(this.log().log(), unix, HOUR_SECONDS);
    const taken = this.past.taken().reduce((sum, one, index) => (this.isWithin(index, unix - HOUR_SECONDS, unix) ? sum + one : sum), 0);
    return whyLessWords({
      hasCharger: !!this.charger(),
      isPluggedIn: this.held()?.plugged_in ?? true,
      wasAway: awayUntil(this.held()?.trips ?? [], unix - 1, this.timezone()) !== null,
      plan: decided ? planOf(sentenceOf(decided.reasons, this.name())) : null,
      takenJoules: taken,
      limitWatts: this.charger()?.readings['limit_watts'] ?? 0,
    });
  }

  private isWithin(index: number, from: number, to: number): boolean {
    const start = this.levels()?.starts[index] ?? 0;
    return start >= from && start < to;
  }

  private departureWords(one: Departure): string {
    const [when, wanted] = [dayAndTime(one.unix, this.timezone()), this.percentText(wantedPercent(one, this.need()))];
    if (one.trip === null) return $localize`${when}:WHEN:: ready with ${wanted}:SHARE:, as the car program is told`;
    const [hours, km] = [decimal(one.trip.hours, Number.isInteger(one.trip.hours) ? 0 : 1), decimal(one.trip.km, 0)];
    return $localize`${when}:WHEN:: leaves for ${hours}:HOURS: h and ${km}:KM: km, and needs ${wanted}:SHARE:`;
  }
}
