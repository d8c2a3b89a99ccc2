// What a person does on the canvas, and what can be seen there.
import { node } from './checks.mjs';

/** A person before a page of composing. */
export function hands(page) {
  const property = (name) => page.locator(`#property-${name}`);
  return {
    item: (kind) => page.locator(`.palette [data-kind="${kind}"]`),
    names: () => page.locator('.node').evaluateAll((all) => all.map((one) => one.dataset.id).sort()),
    state: (name) => node(page, name).locator('.state').getAttribute('data-state'),
    /** Lines that begin or end at a device. */
    edges: (name) =>
      page.locator('[data-edge]').evaluateAll(
        (all, name) =>
          all
            .map((one) => one.dataset.edge)
            .filter((edge) => edge.split('-').includes(name))
            .sort(),
        name,
      ),
    watts: (name) => page.locator(`[data-edge="power-${name}"]`).getAttribute('data-w').then(Number),
    /** Where it stands, in the measure of the canvas. */
    place: (name) => node(page, name).evaluate((one) => one.style.transform),
    choose: (name) => page.getByTestId('pick').selectOption(name),
    undo: () => page.getByRole('button', { name: 'Undo' }).click(),
    redo: () => page.getByRole('button', { name: 'Redo' }).click(),
    property,
    set: async (values) => {
      for (const [name, value] of Object.entries(values)) await property(name).fill(value);
      await page.getByTestId('save').click();
      await page.getByTestId('save').waitFor({ state: 'detached', timeout: 20_000 });
    },
    drag: async (from, to) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x + 60, from.y + 40, { steps: 6 });
      await page.mouse.move(to.x, to.y, { steps: 12 });
      await page.mouse.up();
    },
    /** A point of the screen, in the measure of the canvas. */
    onCanvas: (point) =>
      page
        .locator('.node')
        .first()
        .evaluate((one, point) => {
          const box = one.getBoundingClientRect();
          const scale = box.width / one.offsetWidth;
          const place = new DOMMatrix(getComputedStyle(one).transform);
          return { x: place.e + (point.x - box.x) / scale, y: place.f + (point.y - box.y) / scale };
        }, point),
  };
}

export async function middle(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Which of some things lie over each other, by name. */
export function overlaps(locator) {
  return locator.evaluateAll((all) => {
    const boxes = all.map((one) => [one.dataset.id, one.getBoundingClientRect()]);
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return boxes.flatMap(([name, a], index) =>
      boxes
        .slice(index + 1)
        .filter(([, b]) => meet(a, b))
        .map(([other]) => `${name} and ${other}`),
    );
  });
}
