import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { encodeQR } from 'qr';

/** What the largest code holds. */
export const QR_BYTES_MAX = 2953;
const QUIET_ZONE = 4;

/** A text as a QR code, black on white in both themes, so that any telephone reads it. */
@Component({
  selector: 'jb-qr-code',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg [attr.viewBox]="'0 0 ' + size() + ' ' + size()" role="img" [attr.aria-label]="label()" shape-rendering="crispEdges">
      <rect [attr.width]="size()" [attr.height]="size()" fill="#fff" />
      <path [attr.d]="path()" fill="#000" />
    </svg>
  `,
  styles: `
    :host {
      display: block;
      width: min(100%, 26rem);
    }
    svg {
      display: block;
      width: 100%;
      border-radius: 6px;
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input.required<string>();

  private readonly modules = computed(() => encodeQR(this.text(), 'raw', { ecc: 'low', border: QUIET_ZONE }));
  protected readonly size = computed(() => this.modules().length);
  protected readonly path = computed(() =>
    this.modules()
      .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
      .join(''),
  );
}
