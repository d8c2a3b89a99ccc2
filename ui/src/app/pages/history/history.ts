import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-history', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>history</h1></div>' })
export class HistoryPage {}
