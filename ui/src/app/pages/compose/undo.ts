import { computed, Injectable, signal } from '@angular/core';

const STEPS_MAX = 50;

/** Something that was done to the home, and how it is taken back. */
export interface Step {
  readonly text: string;
  readonly again: () => Promise<unknown>;
  readonly back: () => Promise<unknown>;
}

/** What this person has done here, for undo and redo; each of them is a call to the home like any other. */
@Injectable({ providedIn: 'root' })
export class Undo {
  private readonly done = signal<readonly Step[]>([]);
  private readonly undone = signal<readonly Step[]>([]);
  readonly next = computed(() => this.done().at(-1)?.text ?? '');
  readonly nextAgain = computed(() => this.undone().at(-1)?.text ?? '');

  /** Do a step, and remember it if the home has taken it. */
  async take(step: Step): Promise<void> {
    await step.again();
    this.done.update((steps) => [...steps, step].slice(-STEPS_MAX));
    this.undone.set([]);
  }

  async undo(): Promise<void> {
    const step = this.done().at(-1);
    if (!step) return;
    await step.back();
    this.done.update((steps) => steps.slice(0, -1));
    this.undone.update((steps) => [...steps, step]);
  }

  async redo(): Promise<void> {
    const step = this.undone().at(-1);
    if (!step) return;
    await step.again();
    this.undone.update((steps) => steps.slice(0, -1));
    this.done.update((steps) => [...steps, step]);
  }
}
