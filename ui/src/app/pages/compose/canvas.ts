import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  output,
  untracked,
  viewChild,
} from '@angular/core';
import {
  FCanvasComponent,
  FCreateConnectionEvent,
  FCreateNodeEvent,
  FExternalItemBase,
  FExternalItemService,
  FFlowComponent,
  FFlowModule,
  FMoveNodesEvent,
  FSelectionChangeEvent,
  provideFFlow,
  withA11y,
} from '@foblex/flow';
import type { Placed, PlacedGroup } from '@words';
import { Device } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { kindName, lookOf } from '../../shared/kinds';
import { inStep } from '../../shared/motion';
import { noteOf } from '../../shared/notes';
import { power } from '../../shared/units';
import { CANVAS_VOICE, deviceOf } from './canvas-voice';
import { Point } from './layout';
import { DeviceState, stateName } from './states';

/** A kind of device that can be put on the canvas. */
export interface PaletteItem {
  readonly kind: string;
  readonly help: string;
  readonly name: string;
  readonly icon: string;
  readonly look: string;
}

const ANIMATED_MAX = 15;

/** The home as a graph: who gives through the inverter to whom, and who hears whom. The only file that knows Foblex. */
@Component({
  selector: 'jb-canvas',
  imports: [FFlowModule, Icon],
  providers: [provideFFlow(withA11y({ messages: CANVAS_VOICE }))],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './canvas.html',
  styleUrl: './canvas.css',
  host: { '(document:pointerup)': 'endDrawing()', '(document:pointercancel)': 'endDrawing()' },
})
export class Canvas {
  readonly devices = input.required<readonly Device[]>();
  readonly layout = input<Readonly<Record<string, Placed>>>({});
  readonly groups = input<Readonly<Record<string, PlacedGroup>>>({});
  readonly places = input.required<ReadonlyMap<string, Point>>();
  readonly states = input.required<Readonly<Record<string, DeviceState>>>();
  /** Those that are chosen, also from elsewhere. */
  readonly active = input<readonly string[]>([]);
  readonly palette = input.required<readonly PaletteItem[]>();
  readonly mayAdd = input(false);
  readonly chosen = output<readonly string[]>();
  readonly dropped = output<{ kind: string; at: Point | null }>();
  readonly moved = output<Readonly<Record<string, Point>>>();
  readonly connected = output<{ from: string; to: string }>();
  readonly deleted = output<readonly string[]>();

  private readonly canvas = viewChild.required(FCanvasComponent);
  private readonly flow = viewChild.required(FFlowComponent);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly ends = inject(DestroyRef);
  private readonly items = inject(FExternalItemService);

  private readonly present = computed(() =>
    this.devices()
      .map((device) => device.name)
      .join(' '),
  );

  protected readonly nodes = computed(() =>
    this.devices().map((device) => ({
      name: device.name,
      kind: device.kind,
      isOn: device.isOn,
      watts: device.watts,
      look: lookOf(device.kind),
      text: device.watts ? power(device.watts) : '',
      verb: verbOf(device.watts),
      note: device.isOn ? noteOf(device) : '',
      kindName: kindName(device.kind),
      state: this.states()[device.name] ?? 'running',
      stateName: stateName(this.states()[device.name] ?? 'running'),
      label: device.label,
      hint: this.layout()[device.name]?.note ?? '',
      group: this.groups()[this.layout()[device.name]?.group ?? '']?.label ?? '',
      spoken: spokenOf(device, this.states()[device.name] ?? 'running'),
      at: this.places().get(device.name) ?? { x: 0, y: 0 },
    })),
  );
  protected readonly edges = computed(() => [...this.powers(), ...this.signals()]);

  constructor() {
    // Foblex 19 keeps the palette of each canvas that is left, and with it all of the page: its items register where they should leave.
    this.ends.onDestroy(() => window.setTimeout(() => this.items.items().forEach((item) => this.leave(item))));
    afterRenderEffect(() => {
      const present = new Set(this.present().split(' '));
      const wanted = this.active().filter((name) => present.has(name));
      untracked(() => this.select(wanted));
    });
  }

  /** Where arrows walk over the devices. */
  focus(): void {
    this.host.nativeElement.querySelector<HTMLElement>('f-flow')?.focus();
  }

  /** What was chosen elsewhere, is here too. */
  private select(wanted: readonly string[]): void {
    const now = this.flow().getSelection().fNodeIds;
    if (now.length !== wanted.length || wanted.some((name) => !now.includes(name))) this.flow().select([...wanted], [], false);
  }

  private leave(item: FExternalItemBase): void {
    if (!item.hostElement.isConnected) this.items.remove(item);
  }

  /** All of it in view. */
  fit(): void {
    // Asked for a moment ago by somebody who has left the page since.
    if (!this.ends.destroyed) this.canvas().fitToScreen({ x: 40, y: 40 }, false);
  }

  /** When the devices are there, and once more when their lines are; later it is for people to say. */
  protected fitOnce(): void {
    if (this.fits++ < 2) this.fit();
  }
  private fits = 0;

  protected onCreate(event: FCreateNodeEvent<string>): void {
    const at = event.externalItemRect; // Its dropPosition is there over another device only, and in pixels of the window.
    this.dropped.emit({ kind: event.data, at: { x: Math.round(at.x), y: Math.round(at.y) } });
  }

  protected onMove(event: FMoveNodesEvent): void {
    this.moved.emit(
      Object.fromEntries(event.nodes.map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }])),
    );
  }

  /** Dragged from the right of one device to the left of another, or beside all of them. */
  protected onConnect(event: FCreateConnectionEvent): void {
    if (event.targetId) this.connected.emit({ from: deviceOf(event.sourceId), to: deviceOf(event.targetId) });
  }

  /** Whoever begins an arrow does not choose its device: properties that open would cover to whom it can go. */
  protected beginDrawing(): void {
    this.isDrawing = this.mayAdd();
  }

  protected endDrawing(): void {
    if (!this.isDrawing) return;
    window.setTimeout(() => {
      this.isDrawing = false;
      this.select(this.active());
    });
  }
  private isDrawing = false;

  protected readonly inStep = inStep;

  protected onSelect(event: FSelectionChangeEvent): void {
    if (!this.isDrawing) this.chosen.emit(event.nodeIds);
  }

  /** Between each device that moves energy and the inverter; the sign of its power says in which direction. */
  private powers() {
    const inverter = this.devices().find((device) => device.kind === 'inverter')?.name;
    if (!inverter) return [];
    const isGas = new Set(this.devices().flatMap((device) => (device.kind === 'gas' ? [device.name] : [])));
    const moving = this.devices().filter((device) => !['inverter', 'sky'].includes(lookOf(device.kind).role) && !isGas.has(device.name));
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
      const giver = device.supply !== null && isGas.has(device.supply) ? device.supply : inverter;
      return {
        id: `power-${device.name}`,
        source: `out-${isBefore ? device.name : giver}`,
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

function verbOf(watts: number): string {
  return watts < 0 ? $localize`gives` : watts > 0 ? $localize`takes` : '';
}

function spokenOf(device: Device, state: DeviceState): string {
  const moves = device.watts ? `${verbOf(device.watts)} ${power(device.watts)}` : $localize`idle`;
  return [device.label, kindName(device.kind), stateName(state), moves].join(', ');
}
