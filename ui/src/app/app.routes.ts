import { Routes } from '@angular/router';
import { PAGES } from './pages/pages';

export const routes: Routes = [
  ...PAGES.map((page) => ({ path: page.path, title: page.title, loadComponent: page.load })),
  { path: '**', redirectTo: PAGES[0]?.path ?? '' },
];
