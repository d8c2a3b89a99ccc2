import type { ScreenChanged, ScreenSnapshot, Summary } from '@words';

const CHANGES_WAITING_MAX = 100;
const SECTIONS = ['roster', 'readings', 'energy', 'flows', 'layout', 'groups'] as const;

/** Keeps a snapshot of a home right with the changes that follow it, and says when somebody must ask again. */
export class Mirror {
  snapshot: ScreenSnapshot | null = null;
  private waiting = new Map<number, ScreenChanged>();

  /** The answer to the question. False: a change behind it is missing, ask again. */
  takeSnapshot(snapshot: ScreenSnapshot): boolean {
    this.snapshot = snapshot;
    const later = [...this.waiting.values()].filter((one) => one.revision > snapshot.revision).sort((a, b) => a.revision - b.revision);
    this.waiting.clear();
    return later.map((one) => this.takeChange(one)).every((taken) => taken);
  }

  /** A change. False: one before it is missing, ask for the snapshot; this one is kept until then. */
  takeChange(change: ScreenChanged): boolean {
    if (!this.snapshot || change.revision !== this.snapshot.revision + 1) {
      if (this.waiting.size < CHANGES_WAITING_MAX) this.waiting.set(change.revision, change);
      return false;
    }
    this.snapshot = after(this.snapshot, change);
    return true;
  }

  /** Whether a summary belongs to what is shown; if not, ask for the snapshot. */
  fits(summary: Summary): boolean {
    return summary.revision === this.snapshot?.revision;
  }
}

/** The snapshot after a change: named entries are replaced, null takes one away. */
export function after(snapshot: ScreenSnapshot, change: ScreenChanged): ScreenSnapshot {
  const next: ScreenSnapshot = { ...snapshot, revision: change.revision };
  for (const section of SECTIONS) {
    const entries = { ...snapshot[section], ...change[section] };
    Object.assign(next, { [section]: Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null)) });
  }
  return {
    ...next,
    sealed_epochs: change.sealed_epochs ?? next.sealed_epochs,
    lines: change.lines ?? next.lines,
    counted_from_tick: change.counted_from_tick ?? next.counted_from_tick,
  };
}
