import { linkedSignal, ResourceRef, Signal } from '@angular/core';

/** What a question was answered last, also while it is asked again or fails: nothing on the page jumps. */
export function kept<T>(asked: ResourceRef<T | undefined>): Signal<T | null> {
  return linkedSignal<T | undefined, T | null>({
    source: () => (asked.hasValue() ? asked.value() : undefined),
    computation: (now, before) => now ?? before?.value ?? null,
  });
}
