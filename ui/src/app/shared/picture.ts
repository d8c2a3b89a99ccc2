const MARGIN = 24;
const HEAD = 56;
const LEFT = 78;
const FOOT = 34;
const SCALE = 2;
const COPIED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'stroke-opacity'] as const;

/** A chart as it is on the screen, with its axes and a title, as PNG. */
export async function pngOf(chart: Element, title: string): Promise<Blob> {
  const svg = chart.querySelector('svg');
  if (!svg) throw new Error($localize`There is no chart to save yet; wait until it is drawn.`);
  const box = svg.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  const [width, height] = [box.width + LEFT + MARGIN, box.height + HEAD + FOOT];
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error($localize`This browser cannot draw pictures; save the CSV instead.`);
  pen.scale(SCALE, SCALE);
  const style = getComputedStyle(document.documentElement);
  pen.fillStyle = getComputedStyle(chart.closest('.card') ?? document.body).backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.drawImage(await imageOf(svg, box), LEFT, HEAD, box.width, box.height);
  pen.fillStyle = style.color;
  pen.font = `500 16px ${style.fontFamily}`;
  pen.fillText(title, MARGIN, 24);
  pen.font = `12px ${style.fontFamily}`;
  writeTexts(pen, chart, box);
  return new Promise((done, refuse) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : refuse(new Error($localize`The picture is too large; choose a narrower window.`))),
      'image/png',
    ),
  );
}

/** The drawing with the colours that it has on the screen. */
async function imageOf(svg: SVGElement, box: DOMRect): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  const [from, to] = [[...svg.querySelectorAll('*')], [...copy.querySelectorAll('*')]];
  from.forEach((one, index) => {
    const style = getComputedStyle(one);
    COPIED.forEach((name) => to[index]?.setAttribute(name, style.getPropertyValue(name)));
  });
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** Axes and legend stand beside the drawing on the screen, and so in the picture. */
function writeTexts(pen: CanvasRenderingContext2D, chart: Element, box: DOMRect): void {
  pen.textAlign = 'right';
  for (const one of chart.querySelectorAll('.axis span')) {
    const at = one.getBoundingClientRect();
    pen.fillText(one.textContent?.trim() ?? '', LEFT - 8, HEAD + (at.top + at.bottom) / 2 - box.top + 4);
  }
  pen.textAlign = 'center';
  for (const one of chart.querySelectorAll('.hours span')) {
    const at = one.getBoundingClientRect();
    pen.fillText(one.textContent?.trim() ?? '', LEFT + (at.left + at.right) / 2 - box.left, HEAD + box.height + 20);
  }
  pen.textAlign = 'left';
  let x = LEFT;
  for (const one of chart.querySelectorAll('.legend > span')) {
    const text = one.textContent?.trim() ?? '';
    pen.save();
    pen.fillStyle = getComputedStyle(one.querySelector('i') ?? one).color;
    pen.fillRect(x, HEAD - 20, 10, 10);
    pen.restore();
    pen.fillText(text, x + 15, HEAD - 11);
    x += pen.measureText(text).width + 36;
  }
}
