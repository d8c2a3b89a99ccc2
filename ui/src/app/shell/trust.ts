interface TrustedTypes {
  createPolicy(name: string, rules: Record<string, (text: string) => string | null>): unknown;
}

/**
 * The page has no workers, and its policy would refuse them: without the constructor nobody tries.
 *
 * Where the page's policy demands Trusted Types, no text ever becomes HTML. The canvas clears an element by setting its HTML to
 * nothing, and that alone is let through.
 */
export function trustNothing(window: Window & { trustedTypes?: TrustedTypes }): void {
  Reflect.deleteProperty(window, 'Worker');
  window.trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? '' : null) });
}
