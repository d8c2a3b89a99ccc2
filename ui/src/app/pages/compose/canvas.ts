import { ChangeDetectionStrategy, Component, computed, input, output, viewChild } from '@angular/core';
import {
  FCanvasComponent,
  FCreateNodeEvent,
  FFlowModule,
  FMoveNodesEvent,
  FSelectionChangeEvent,
  provideFFlow,
  withA11y,
} from '@foblex/flow';
import { Device } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { lookOf } from '../../shared/kinds';
import { noteOf } from '../../shared/notes';
import { power } from '../../shared/units';
import { Point } from './layout';

/** A kind of device that can be put on the canvas. */
export interface PaletteItem {
  readonly kind: string;
  readonly help: string;
  readonly icon: string;
  readonly look: string;
}

const ANIMATED_MAX = 15;

/** The home as a graph: who gives through the inverter to whom, and who hears whom. The only file that knows Foblex. */
@Component({
  selector: 'jb-canvas',
  imports: [FFlowModule, Icon],
  providers: [provideFFlow(withA11y())],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './canvas.html',
  styleUrl: './canvas.css',
})
export class Canvas {
  readonly devices = input.required<readonly Device[]>();
  readonly places = input.required<ReadonlyMap<string, Point>>();
  readonly states = input.required<Readonly<Record<string, string>>>();
  readonly palette = input.required<readonly PaletteItem[]>();
  readonly mayAdd = input(false);
  readonly chosen = output<string | null>();
  readonly dropped = output<{ kind: string; at: Point | null }>();
  readonly moved = output<Readonly<Record<string, Point>>>();
  readonly deleted = output<readonly string[]>();

  private readonly canvas = viewChild.required(FCanvasComponent);

  protected readonly nodes = computed(() =>
    this.devices().map((device) => ({
      name: device.name,
      kind: device.kind,
      isOn: device.isOn,
      watts: device.watts,
      look: lookOf(device.kind),
      text: device.isOn ? (device.watts ? power(device.watts) : '') : 'off',
      verb: device.watts < 0 ? 'gives' : device.watts > 0 ? 'takes' : '',
      note: device.isOn ? noteOf(device) : '',
      state: this.states()[device.name] ?? '',
      at: this.places().get(device.name) ?? { x: 0, y: 0 },
    })),
  );
  protected readonly edges = computed(() => [...this.powers(), ...this.signals()]);

  /** All of it in view. */
  fit(): void {
    this.canvas().fitToScreen({ x: 40, y: 40 }, false);
  }

  protected onCreate(event: FCreateNodeEvent<string>): void {
    const at = event.dropPosition ?? { x: event.externalItemRect.x, y: event.externalItemRect.y };
    this.dropped.emit({ kind: event.data, at: { x: Math.round(at.x), y: Math.round(at.y) } });
  }

  protected onMove(event: FMoveNodesEvent): void {
    this.moved.emit(
      Object.fromEntries(event.nodes.map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])),
    );
  }

  protected onSelect(event: FSelectionChangeEvent): void {
    this.chosen.emit(event.nodeIds[0] ?? null);
  }

  /** Between each device that moves energy and the inverter; the sign of its power says in which direction. */
  private powers() {
    const inverter = this.devices().find((device) => device.kind === 'inverter')?.name;
    if (!inverter) return [];
    const moving = this.devices().filter((device) => !['inverter', 'sky'].includes(lookOf(device.kind).role));
    const strongest = new Set(
      [...moving]
        .sort((a, b) => Math.abs(b.watts) - Math.abs(a.watts))
        .slice(0, ANIMATED_MAX)
        .filter((device) => device.watts)
        .map((device) => device.name),
    );
    return moving.map((device) => {
      const { role } = lookOf(device.kind);
      const isBefore = role === 'solar' || role === 'grid';
      const flows = !device.watts ? '' : strongest.has(device.name) ? ' flows' : ' still';
      const isBack = isBefore ? device.watts > 0 : device.watts < 0;
      return {
        id: `power-${device.name}`,
        source: `out-${isBefore ? device.name : inverter}`,
        target: `in-${isBefore ? inverter : device.name}`,
        look: `${role === 'grid' && device.watts > 0 ? 'export' : role}${flows}${isBack ? ' back' : ''}`,
        watts: device.watts,
      };
    });
  }

  private signals() {
    const known = new Set(this.devices().map((device) => device.name));
    return this.devices().flatMap((device) =>
      (device.hears ?? [])
        .filter((heard) => known.has(heard))
        .map((heard) => ({
          id: `signal-${heard}-${device.name}`,
          source: `out-${heard}`,
          target: `in-${device.name}`,
          look: 'signal',
          watts: 0,
        })),
    );
  }
}
