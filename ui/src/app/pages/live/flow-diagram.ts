import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { mdiBatteryHigh, mdiHomeOutline, mdiSolarPanel, mdiTransmissionTower, mdiWindTurbine } from '@mdi/js';
import { percent, power } from '../../shared/units';
import { inStep, PICTURES_A_SECOND } from '../../shared/motion';
import { dashPictures, PLACES, PATHS, Place, shareArcs, widthOf } from './geometry';

interface Drawn {
  readonly flow: string;
  readonly look: string;
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly watts: number;
  readonly text: string;
  readonly width: number;
  readonly seconds: string;
  readonly steps: string;
}

const ICONS: Readonly<Record<string, string>> = {
  sun: mdiSolarPanel,
  grid: mdiTransmissionTower,
  loads: mdiHomeOutline,
  battery: mdiBatteryHigh,
  producers: mdiWindTurbine,
};

/** The energy of this moment: who gives to whom, as the home has laid it out. Direction, width and number come from the same word. */
@Component({
  selector: 'jb-flow-diagram',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './flow-diagram.html',
  styleUrl: './flow-diagram.css',
})
export class FlowDiagram {
  /** Watts by "source>sink". */
  readonly flows = input.required<Readonly<Record<string, number>>>();
  /** What the diagram says, in words. */
  readonly sentence = input.required<string>();
  /** State of charge of all batteries together; null when there is none. */
  readonly charge = input<number | null>(null);
  readonly hasGrid = input(true);
  readonly hasProducers = input(false);

  protected readonly inStep = inStep;
  protected readonly paths = computed<Drawn[]>(() =>
    PATHS.map((path) => {
      const watts = this.flows()[path.flow] ?? 0;
      const look = path.flow.endsWith('>export') ? 'export' : LOOKS[path.flow.split('>')[0] ?? ''];
      const pictures = dashPictures(watts);
      const motion = { seconds: `${pictures / PICTURES_A_SECOND}s`, steps: `steps(${pictures})` };
      return { ...path, look: look ?? 'load', watts, text: power(watts), width: widthOf(watts), ...motion };
    }).filter((path) => this.isShown(path.flow)),
  );
  protected readonly nodes = computed(() =>
    PLACES.filter((place) => this.isThere(place)).map((place) => ({ ...place, icon: ICONS[place.name] ?? '', ...this.told(place) })),
  );
  protected readonly heat = computed(() => power(this.sum((_, sink) => sink === 'heat')));
  protected readonly arcs = computed(() => shareArcs(this.flows()));

  private told(place: Place): { text: string; under: string } {
    switch (place.name) {
      case 'sun':
        return { text: power(this.sum((source) => source === 'sun')), under: $localize`Solar` };
      case 'producers':
        return { text: power(this.sum((source) => source === 'producers')), under: $localize`Producers` };
      case 'loads':
        return { text: power(this.sum((_, sink) => sink === 'loads')), under: $localize`Home` };
      case 'grid': {
        const taken = this.sum((source) => source === 'grid');
        const given = this.sum((_, sink) => sink === 'export');
        return { text: power(taken || given), under: taken ? $localize`Grid, import` : given ? $localize`Grid, export` : $localize`Grid` };
      }
      default: {
        const charge = this.charge();
        return { text: charge === null ? '–' : percent(charge), under: $localize`Battery` };
      }
    }
  }

  private sum(counts: (source: string, sink: string) => boolean): number {
    return Object.entries(this.flows()).reduce((sum, [flow, watts]) => {
      const [source = '', sink = ''] = flow.split('>');
      return counts(source, sink) ? sum + watts : sum;
    }, 0);
  }

  private isThere(place: Place): boolean {
    if (place.name === 'battery') return this.charge() !== null;
    return place.name === 'grid' ? this.hasGrid() : place.name === 'producers' ? this.hasProducers() : true;
  }

  private isShown(flow: string): boolean {
    const [source, sink] = flow.split('>');
    return PLACES.filter((place) => place.name === source || place.name === (sink === 'export' ? 'grid' : sink)).every((place) =>
      this.isThere(place),
    );
  }
}

const LOOKS: Readonly<Record<string, string>> = { sun: 'solar', battery: 'battery', grid: 'grid', producers: 'producers' };
