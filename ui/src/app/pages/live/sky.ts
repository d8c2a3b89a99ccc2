import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { HomeStore } from '../../bus/home-store';
import { percent, price, reading } from '../../shared/units';

const WIDTH = 132;
const HEIGHT = 64;
const HORIZON = 50;
const PER_DEGREE = 0.55;

/** A word beside the sky: what it is, and how much. */
interface Told {
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

/** Sun, weather and what energy costs at this moment, as the home tells them. */
@Component({
  selector: 'jb-sky',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (sky(); as sky) {
      <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" role="img" [attr.aria-label]="sky.text">
        <path class="way" d="M6 50Q66 -36 126 50" />
        <line x1="0" [attr.x2]="width" [attr.y1]="horizon" [attr.y2]="horizon" />
        <circle [class.night]="sky.isNight" [attr.cx]="sky.x" [attr.cy]="sky.y" r="7" />
      </svg>
    }
    <dl>
      @for (one of told(); track one.key) {
        <div [attr.data-told]="one.key">
          <dt class="small quiet">{{ one.name }}</dt>
          <dd>{{ one.text }}</dd>
        </div>
      }
    </dl>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 0.8rem 1.2rem;
      min-height: 64px;
    }
    svg {
      width: 96px;
      height: 47px;
      flex: none;
    }
    .way,
    line {
      fill: none;
      stroke: var(--line);
      stroke-width: 1.5;
    }
    .way {
      stroke-dasharray: 3 4;
    }
    circle {
      fill: var(--solar);
    }
    circle.night {
      fill: var(--quiet);
    }
    dl {
      display: flex;
      flex-wrap: wrap;
      gap: 0.3rem 1.1rem;
      margin: 0;
    }
    dd {
      margin: 0;
      font-weight: 500;
      font-size: 0.93rem;
      white-space: nowrap;
    }
  `,
})
export class Sky {
  private readonly store = inject(HomeStore);
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly horizon = HORIZON;

  private readonly now = computed(() => this.store.summary()?.sky ?? null);
  private readonly prices = computed(() => this.store.summary()?.prices ?? null);
  protected readonly sky = computed(() => {
    const sky = this.now();
    if (!sky) return null;
    const [azimuth, elevation] = [sky.azimuth_udeg / 1e6, sky.elevation_udeg / 1e6];
    return {
      isNight: elevation < 0,
      x: Math.min(WIDTH - 8, Math.max(8, (azimuth / 360) * WIDTH)),
      y: Math.min(HEIGHT - 8, Math.max(8, HORIZON - elevation * PER_DEGREE)),
      text:
        elevation < 0
          ? $localize`The sun is ${reading('degrees', -elevation)}:ANGLE: below the horizon`
          : $localize`The sun is ${reading('degrees', elevation)}:ANGLE: above the horizon`,
    };
  });
  protected readonly told = computed<Told[]>(() => [...this.ofSky(), ...this.ofWeather(), ...this.ofGrid()]);

  private ofSky(): Told[] {
    const sky = this.now();
    if (!sky) return [];
    const share = sky.clear_ghi_mw_m2 ? percent((1e6 * sky.ghi_mw_m2) / sky.clear_ghi_mw_m2) : '';
    const light = reading('ghi_mw_m2', sky.ghi_mw_m2);
    return [
      { key: 'sun', name: $localize`Sun`, text: this.sky()?.isNight ? $localize`down` : reading('degrees', sky.elevation_udeg / 1e6) },
      { key: 'light', name: $localize`Light`, text: share ? $localize`${light}:LIGHT:, ${share}:SHARE: of clear` : light },
    ];
  }

  private ofWeather(): Told[] {
    const { air_temperature_mk: air, wind_mm_s: wind, cloud_ppm: cloud } = this.now() ?? {};
    return [
      ...(air === null || air === undefined ? [] : [{ key: 'air', name: $localize`Air`, text: reading('temperature_mk', air) }]),
      ...(wind === null || wind === undefined ? [] : [{ key: 'wind', name: $localize`Wind`, text: reading('wind_mm_s', wind) }]),
      ...(cloud === null || cloud === undefined ? [] : [{ key: 'cloud', name: $localize`Clouds`, text: percent(cloud) }]),
    ];
  }

  private ofGrid(): Told[] {
    const prices = this.prices();
    if (!prices) return [];
    if (!prices.available) return [{ key: 'price', name: $localize`Grid`, text: $localize`out` }];
    return [
      { key: 'price', name: $localize`Buying costs`, text: price(prices.import_micro_euro_per_kwh, prices.currency) },
      { key: 'pays', name: $localize`Selling pays`, text: price(prices.export_micro_euro_per_kwh, prices.currency) },
    ];
  }
}
